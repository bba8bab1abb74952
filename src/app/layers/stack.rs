//! The stack of layers: the list of segments, over it the open segment with its page, over that the overlays.

use std::sync::Arc;

use super::editor::state::Editor;
use super::home::Home;
use super::overlay::Overlay;
use super::pages::Pages;
use crate::app::event::Event;
use crate::app::layer::{Cx, Layer};
use crate::app::session::Session;

/// The layers of the screen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stack {
    /// The list of segments.
    pub home: Home,
    /// The open segment, which is shown in its place.
    pub open: Option<Box<OpenSegment>>,
    /// What lies over them, the topmost last.
    pub overlays: Vec<Overlay>,
}

/// An open segment on the screen.
#[derive(Clone, Debug)]
pub(crate) struct OpenSegment {
    pub editor: Editor,
    /// The pages over it.
    pub pages: Pages,
}

impl OpenSegment {
    /// The page that is shown asks for what it shows.
    pub(crate) fn follow(&mut self, session: &mut Session) {
        let (definition, segment) = (self.editor.definition(), Arc::clone(self.editor.segment()));
        self.pages.set_saved(self.editor.is_saved());
        // In the editor numbers come first.
        let is_counted = self.editor.is_current() || self.editor.live.failure.is_some();
        let cx = &mut Cx { session, segment: Some(segment), is_top: false };
        match self.pages.page_mut() {
            Some(page) => page.follow(definition, cx),
            None if is_counted => self.pages.explain.follow_pinned(definition, cx),
            None => {}
        }
    }

    /// Pages that are not shown take the answers to what they have asked, too.
    pub(crate) fn receive(&mut self, event: &Event, session: &mut Session) {
        let segment = Some(Arc::clone(self.editor.segment()));
        self.pages.receive(event, &mut Cx { session, segment, is_top: false });
    }
}

/// What is shown below the overlays.
#[derive(Clone, Copy, Debug)]
pub enum Screen<'a> {
    /// The list of segments.
    Home(&'a Home),
    /// The editor of the open segment.
    Editor(&'a Editor),
    /// A page of the open segment.
    Page(&'a Editor, &'a Pages),
}

/// A layer's place in the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The list of segments.
    Home,
    Editor,
    /// The page over it.
    Page,
    /// The overlay at this position.
    Overlay(usize),
}

impl Stack {
    /// What is shown below the overlays.
    pub(crate) fn screen(&self) -> Screen<'_> {
        match self.open.as_deref() {
            None => Screen::Home(&self.home),
            Some(OpenSegment { editor, pages: Pages { shown: None, .. } }) => Screen::Editor(editor),
            Some(OpenSegment { editor, pages }) => Screen::Page(editor, pages),
        }
    }

    /// The editor of the open segment.
    pub(crate) fn editor(&self) -> Option<&Editor> {
        self.open.as_deref().map(|open| &open.editor)
    }

    /// The editor of the open segment.
    pub(crate) fn editor_mut(&mut self) -> Option<&mut Editor> {
        self.open.as_deref_mut().map(|open| &mut open.editor)
    }

    /// The places of all layers that take part, the topmost first. The list of segments does not while a
    /// segment is open.
    pub(crate) fn places(&self) -> Vec<Place> {
        let overlays = (0..self.overlays.len()).rev().map(Place::Overlay);
        let below: &[Place] = match self.screen() {
            Screen::Home(_) => &[Place::Home],
            Screen::Editor(_) => &[Place::Editor],
            Screen::Page(..) => &[Place::Page, Place::Editor],
        };
        overlays.chain(below.iter().copied()).collect()
    }

    pub(crate) fn layer(&self, place: Place) -> Option<&dyn Layer> {
        match place {
            Place::Home => Some(&self.home),
            Place::Editor => self.editor().map(|editor| editor as &dyn Layer),
            Place::Page => self.open.as_deref()?.pages.layer(),
            Place::Overlay(at) => self.overlays.get(at).map(Overlay::layer),
        }
    }

    pub(crate) fn layer_mut(&mut self, place: Place) -> Option<&mut dyn Layer> {
        match place {
            Place::Home => Some(&mut self.home),
            Place::Editor => self.editor_mut().map(|editor| editor as &mut dyn Layer),
            Place::Page => self.open.as_deref_mut()?.pages.layer_mut(),
            Place::Overlay(at) => self.overlays.get_mut(at).map(Overlay::layer_mut),
        }
    }

    /// The layer that takes keys.
    pub(crate) fn top(&self) -> &dyn Layer {
        let top = self.places().first().and_then(|place| self.layer(*place));
        top.unwrap_or(&self.home)
    }

    /// Closes all overlays above a place.
    pub(crate) fn close_above(&mut self, place: Place) {
        match place {
            Place::Overlay(at) => self.overlays.truncate(at.saturating_add(1)),
            Place::Home | Place::Editor | Place::Page => self.overlays.clear(),
        }
    }

    /// Closes the layer at a place.
    pub(crate) fn close(&mut self, place: Place) {
        match place {
            Place::Overlay(at) if at < self.overlays.len() => drop(self.overlays.remove(at)),
            Place::Page => {
                if let Some(open) = &mut self.open {
                    open.pages.leave();
                }
            }
            Place::Overlay(_) | Place::Home | Place::Editor => {}
        }
    }
}
