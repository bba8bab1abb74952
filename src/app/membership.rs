//! Customer lists as conditions: from the picker to the line, and back.

use std::sync::Arc;

use super::App;
use super::effect::{Effect, Previewed};
use super::event::{Failure, ListPreview};
use super::message::Message;
use super::overlay::lists::{AvailableLists, ListChoice, ListKind, Lists};
use super::overlay::pick::Item;
use super::overlay::prompt::EditTarget;
use super::overlay::{Choice, Overlay};
use crate::segment::{
    Condition, ConditionKind, Keyword, ListCondition, ListOperator, ListSource, Node, NodePath,
};

impl App {
    /// Opens the picker of lists, at the one that a condition names now.
    pub(super) fn ask_list(
        &mut self,
        target: EditTarget,
        op: ListOperator,
        kind: ListKind,
        now: Option<&ListSource>,
    ) {
        let Some(from) = self.available_lists() else { return };
        let lists = Lists::new(target, op, kind, from);
        self.overlays.push(Overlay::Lists(match now {
            Some(source) => lists.at(source),
            None => lists,
        }));
        // What was added beside the program is offered too.
        self.request(Effect::ListSegments);
        self.preview_list();
    }

    /// What lists the open segment can refer to.
    pub(super) fn available_lists(&self) -> Option<AvailableLists> {
        let editor = self.editor.as_ref()?;
        Some(AvailableLists {
            listing: self.home.read().cloned().unwrap_or_default(),
            segment: editor.segment().id.clone(),
            activation_id: self.activation_id(),
            default_id: self.database().map(|database| database.default_id.clone()).unwrap_or_default(),
            no_upload: self.read_only.then(|| "nothing is saved in read-only mode".to_owned()),
        })
    }

    /// Finds out about the list at the cursor.
    pub(super) fn preview_list(&mut self) {
        let Some(Overlay::Lists(lists)) = self.overlays.last() else { return };
        let Some(source) = lists.source().filter(|source| !lists.previews.contains_key(source)) else {
            return;
        };
        let of = Previewed::Stored(source.clone());
        self.ask_preview(of);
    }

    pub(super) fn ask_preview(&mut self, of: Previewed) {
        let (activation_id, as_of) = (self.activation_id(), self.as_of());
        let Some(database) = self.database().map(|database| database.folder.clone()) else { return };
        self.request(Effect::PreviewList { of, database, activation_id, as_of });
    }

    /// Something was found out about a list.
    pub(super) fn previewed(&mut self, of: &Previewed, result: Result<Arc<ListPreview>, Failure>) {
        let mut taking = None;
        for overlay in &mut self.overlays {
            match (overlay, of) {
                (Overlay::Lists(lists), Previewed::Stored(source)) => {
                    lists.previews.insert(source.clone(), result.clone());
                }
                (Overlay::Browse(browse), Previewed::Outside(file)) => {
                    browse.previews.insert(file.clone(), result.clone());
                    taking = browse.taking.take_if(|taking| taking == file);
                }
                _ => {}
            }
        }
        if let Some(file) = taking {
            self.take_file(file);
        }
    }

    /// The workspace was read again: what is offered is what there is.
    pub(super) fn refresh_lists(&mut self) {
        let Some(listing) = self.home.read().cloned() else { return };
        for overlay in &mut self.overlays {
            if let Overlay::Lists(lists) = overlay {
                lists.refresh(&listing);
            }
        }
        self.preview_list();
        self.read_line();
    }

    /// Enter in the picker of lists.
    pub(super) fn take_list(&mut self) {
        let Some(Overlay::Lists(lists)) = self.overlays.last() else { return };
        let Some(item) = lists.pick.current() else { return };
        if let Some(reason) = &item.disabled {
            let said = format!("{}: {reason}", item.label);
            return self.notify(Message::note(said));
        }
        let (choice, target, op) = (item.value.clone(), lists.target.clone(), lists.op);
        match choice {
            ListChoice::Source(source) => self.use_list(target, op, source),
            ListChoice::Upload => self.browse(target, op),
        }
    }

    /// Makes a list the one that a condition names.
    pub(super) fn use_list(&mut self, target: EditTarget, op: ListOperator, source: ListSource) {
        match target {
            EditTarget::NewCondition(group, index) => {
                let list = ListCondition { source, extra: Default::default(), op: Some(op) };
                let condition = Condition::new(ConditionKind::List(list));
                self.insert(group, index, condition);
            }
            EditTarget::EditCondition(path) => {
                self.change(|segment| {
                    let Some(Node::Condition(condition)) = segment.node_mut(&path) else { return None };
                    let ConditionKind::List(list) = &mut condition.kind else { return None };
                    list.source = source;
                    list.op = Some(list.op.unwrap_or(op));
                    Some(path.clone())
                });
                self.overlays.clear();
            }
            // Filters look at rows of a table, not at customers.
            EditTarget::NewFilter(..) | EditTarget::EditFilter(..) => {}
        }
    }

    /// Opens the picker at the list of a condition.
    pub(super) fn edit_list(&mut self, path: NodePath, list: &ListCondition) {
        let op = list.op.unwrap_or(ListOperator::IsMember);
        let kind = ListKind::from_source(&list.source);
        self.ask_list(EditTarget::EditCondition(path), op, kind, Some(&list.source));
    }

    /// Offers both operators of a list.
    pub(super) fn choose_list_operator(&mut self, path: &NodePath, now: Option<ListOperator>) {
        let items = ListOperator::ALL
            .iter()
            .map(|op| Item::new(Choice::ListOperator(path.clone(), *op), op.label()))
            .collect();
        let is_now = |choice: &Choice| matches!(choice, Choice::ListOperator(_, op) if Some(*op) == now);
        self.choose("Customer list", items, is_now);
    }

    pub(super) fn take_list_operator(&mut self, path: &NodePath, op: ListOperator) {
        self.change(|segment| {
            let Some(Node::Condition(condition)) = segment.node_mut(path) else { return None };
            let ConditionKind::List(list) = &mut condition.kind else { return None };
            list.op = Some(op);
            Some(path.clone())
        });
    }
}
