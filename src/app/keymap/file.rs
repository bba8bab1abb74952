//! `keymap.toml`: a person's own keys. What is right in it holds; what is wrong is told with line and column.

use std::collections::HashMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::bindings::{Binding, file_name, of_table};
use super::key::{Key, known_names, names, sequence};
use super::map::Keymap;
use crate::app::action::{ACTIONS, Action, ActionInfo, Context};
use crate::diagnostic::{Diagnostic, shortened};
use crate::toml_text::{self, TextError};

/// The keys that a file asks for, with those of the table for all else, and what is wrong with it.
#[must_use]
pub fn read(text: &str) -> (Keymap, Vec<TextError>) {
    let (table, errors) = toml_text::parse(text);
    let mut reader = Reader { text, errors, entries: Vec::new() };
    for (name, value) in &table {
        reader.place(name.get_ref(), &name.span(), value);
    }
    reader.finish()
}

/// What always has a key where the table has one, so that nobody is locked in.
const WAYS_OUT: [(Action, &str); 2] = [(Action::Back, "esc"), (Action::Quit, "ctrl-c")];

/// Keys that a person wrote, and where.
struct Written {
    keys: Box<[Key]>,
    at: Range<usize>,
}

/// What a person wrote of an action in one place.
struct Entry {
    context: Context,
    info: &'static ActionInfo,
    /// Whether those of the table hold no more.
    replaces: bool,
    keys: Vec<Written>,
    removed: Vec<Written>,
    at: Range<usize>,
}

struct Reader<'t> {
    text: &'t str,
    errors: Vec<TextError>,
    entries: Vec<Entry>,
}

impl Reader<'_> {
    fn wrong(&mut self, at: Range<usize>, message: String, help: impl Into<String>) {
        let place = toml_text::place(self.text, at);
        self.errors.push(Diagnostic::new(message).with_help(help).at(place));
    }

    fn place(&mut self, word: &str, at: &Range<usize>, value: &Spanned<DeValue<'_>>) {
        let Some(context) = Context::ALL.iter().find(|context| file_name(context.name()) == word) else {
            let known: Vec<String> = Context::ALL.iter().map(|context| file_name(context.name())).collect();
            let help = match toml_text::did_you_mean(word, known.iter().map(String::as_str)) {
                _ if named(word).is_some() => "write it below its place, such as [criteria]".to_owned(),
                Some(near) => near,
                None => "segtui keymap prints all places".to_owned(),
            };
            return self.wrong(at.clone(), format!("there is no place {:?}", shortened(word)), help);
        };
        let DeValue::Table(actions) = value.get_ref() else {
            let message = format!("{word} is a place, and this is {}", toml_text::kind(value.get_ref()));
            return self.wrong(
                value.span(),
                message,
                format!("write [{word}], and actions with keys below it"),
            );
        };
        for (name, value) in actions {
            self.action(*context, name.get_ref(), &name.span(), value);
        }
    }

    fn action(&mut self, context: Context, word: &str, at: &Range<usize>, value: &Spanned<DeValue<'_>>) {
        let Some(info) = named(word) else {
            let known: Vec<String> = ACTIONS.iter().map(|info| file_name(info.name)).collect();
            let near = toml_text::did_you_mean(word, known.iter().map(String::as_str));
            let help = near.unwrap_or_else(|| "segtui keymap prints all actions".to_owned());
            return self.wrong(at.clone(), format!("there is no action {:?}", shortened(word)), help);
        };
        if !info.bindings.iter().any(|(applies, _)| context.shares_with(*applies)) {
            let places = info.bindings.iter().map(|(context, _)| file_name(context.name()));
            let places = places.take(4).collect::<Vec<_>>().join(", ");
            let message = format!("{word} does nothing in {}", file_name(context.name()));
            return self.wrong(at.clone(), message, format!("it is for {places}"));
        }
        let mut entry =
            Entry { context, info, replaces: true, keys: Vec::new(), removed: Vec::new(), at: at.clone() };
        match value.get_ref() {
            DeValue::Table(changes) => {
                entry.replaces = false;
                self.changes(&mut entry, changes);
            }
            _ => entry.keys = self.keys(value, Some(context)),
        }
        // Where no key that was meant is one, those of the table hold.
        let is_none = matches!(value.get_ref(), DeValue::Array(list) if list.is_empty());
        if is_none || !entry.keys.is_empty() || !entry.removed.is_empty() {
            self.entries.push(entry);
        }
    }

    fn changes(&mut self, entry: &mut Entry, changes: &DeTable<'_>) {
        for (name, value) in changes {
            match name.get_ref().as_ref() {
                "add" => entry.keys = self.keys(value, Some(entry.context)),
                "remove" => entry.removed = self.keys(value, None),
                other => {
                    let message = format!("{:?} is no change of keys", shortened(other));
                    self.wrong(name.span(), message, "write { add = \"z\" } or { remove = \"u\" }");
                }
            }
        }
    }

    /// One sequence of keys, or a list of them.
    fn keys(&mut self, value: &Spanned<DeValue<'_>>, bound_in: Option<Context>) -> Vec<Written> {
        match value.get_ref() {
            DeValue::String(text) => self.sequence(text, value.span(), bound_in).into_iter().collect(),
            DeValue::Array(list) => list.iter().flat_map(|value| self.keys(value, bound_in)).collect(),
            other => {
                let message = format!("this is {}, and keys are texts", toml_text::kind(other));
                self.wrong(value.span(), message, "write \"ctrl-s\", or [\"e\", \"enter\"]");
                Vec::new()
            }
        }
    }

    fn sequence(&mut self, text: &str, at: Range<usize>, bound_in: Option<Context>) -> Option<Written> {
        let keys = match sequence(text) {
            Ok(keys) => keys,
            Err(word) => {
                let known = known_names();
                let near = toml_text::did_you_mean(word, known.iter().map(String::as_str));
                let help = near.unwrap_or_else(|| {
                    "write a key as S, space, ctrl-s or f5, and several as \"g g\"".to_owned()
                });
                self.wrong(at, format!("there is no key {:?}", shortened(word)), help);
                return None;
            }
        };
        let Some(first) = keys.first().copied() else {
            self.wrong(at, "this names no key".to_owned(), "write [] where an action is to have none");
            return None;
        };
        if let Some((key, twin)) = keys.iter().find_map(|key| Some((key, key.twin()?))) {
            let message = format!("terminals send the same for {} and {twin}", key.name());
            self.wrong(at, message, format!("write {twin}, or choose another key"));
            return None;
        }
        let is_of_table =
            |context| of_table(context).iter().any(|binding| binding.keys.starts_with(&[first]));
        if let Some(context) = bound_in.filter(|context| context.is_typed_in())
            && first.types()
            && !is_of_table(context)
        {
            let message = format!("{} is typed as text in {}", first.name(), file_name(context.name()));
            self.wrong(at, message, "choose a key with ctrl- or alt-, or f1 to f12");
            return None;
        }
        Some(Written { keys, at })
    }

    fn finish(mut self) -> (Keymap, Vec<TextError>) {
        let mut entries = std::mem::take(&mut self.entries);
        entries.sort_by_key(|entry| entry.at.start);
        let table: Vec<(Context, Vec<Binding>)> =
            Context::ALL.iter().map(|context| (*context, self.bindings(*context, &entries))).collect();
        (Keymap::new(table.into_iter()), toml_text::one_a_line(self.errors))
    }

    /// The bindings of one place: those of the file, and of the table those that do not collide with them.
    fn bindings(&mut self, context: Context, entries: &[Entry]) -> Vec<Binding> {
        let entries: Vec<&Entry> = entries.iter().filter(|entry| entry.context == context).collect();
        let mut bindings = of_table(context);
        if entries.is_empty() {
            return bindings;
        }
        for entry in &entries {
            let is_removed = |keys: &[Key]| entry.removed.iter().any(|written| *written.keys == *keys);
            bindings.retain(|binding| {
                binding.action != entry.info.action || !(entry.replaces || is_removed(&binding.keys))
            });
        }
        let mut own: Vec<Binding> = Vec::new();
        let mut lost: HashMap<Action, (Box<[Key]>, Range<usize>)> = HashMap::new();
        for entry in &entries {
            for Written { keys, at } in &entry.keys {
                let action = entry.info.action;
                if let Some(other) = own.iter().find(|other| other.collides(keys)) {
                    if other.action != action || other.keys != *keys {
                        self.collision(context, entry.info, keys, other, at.clone());
                    }
                    continue;
                }
                for other in bindings.extract_if(.., |other| other.action != action && other.collides(keys)) {
                    lost.insert(other.action, (keys.clone(), at.clone()));
                }
                bindings.retain(|other| !other.collides(keys));
                own.push(Binding { action, keys: keys.clone() });
            }
        }
        bindings.extend(own);
        for (action, (keys, at)) in lost {
            let is_left = bindings.iter().any(|binding| binding.action == action);
            let is_meant = entries.iter().any(|entry| entry.info.action == action);
            if !is_left && !is_meant {
                self.lost(action, &keys, context, at);
            }
        }
        self.keep_way_out(context, &entries, &mut bindings);
        let order = |action: Action| ACTIONS.iter().position(|info| info.action == action);
        bindings.sort_by_key(|binding| order(binding.action));
        bindings
    }

    /// Going back and quitting keep a key wherever they have one: nobody is to be locked in.
    fn keep_way_out(&mut self, context: Context, entries: &[&Entry], bindings: &mut Vec<Binding>) {
        for (action, word) in WAYS_OUT {
            let had = of_table(context).iter().any(|binding| binding.action == action);
            let is_left = bindings.iter().any(|binding| binding.action == action);
            let (Ok(keys), Some(first)) = (sequence(word), entries.first()) else { continue };
            if !had || is_left {
                continue;
            }
            bindings.retain(|binding| !binding.collides(&keys));
            bindings.push(Binding { action, keys });
            let own = entries.iter().find(|entry| entry.info.action == action);
            let at = own.map_or_else(|| first.at.clone(), |entry| entry.at.clone());
            let name = action.info().map(|info| file_name(info.name)).unwrap_or_default();
            let message = format!("{name} has no key left in {}", file_name(context.name()));
            self.wrong(at, message, format!("give it one; until then it is {word}"));
        }
    }

    fn collision(
        &mut self,
        context: Context,
        info: &ActionInfo,
        keys: &[Key],
        other: &Binding,
        at: Range<usize>,
    ) {
        let place = file_name(context.name());
        let other_name = other.action.info().map(|info| file_name(info.name)).unwrap_or_default();
        let (name, written, others) = (file_name(info.name), names(keys), names(&other.keys));
        let message = if *other.keys == *keys {
            format!("{written} stands for two actions in {place}, {other_name} and {name}")
        } else {
            format!("{written} of {name} and {others} of {other_name} begin alike in {place}")
        };
        self.wrong(
            at,
            message,
            format!("choose other keys for one of them; until then {others} is {other_name}"),
        );
    }

    /// An action of the table has no key left that nobody said anything of.
    fn lost(&mut self, action: Action, keys: &[Key], context: Context, at: Range<usize>) {
        let name = action.info().map(|info| file_name(info.name)).unwrap_or_default();
        let message =
            format!("{} takes the only key of {name} in {}", names(keys), file_name(context.name()));
        self.wrong(
            at,
            message,
            format!("give {name} another key, or write {name} = [] if it is to have none"),
        );
    }
}

/// The action of this name.
fn named(word: &str) -> Option<&'static ActionInfo> {
    ACTIONS.iter().find(|info| file_name(info.name) == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::keymap::Found;

    fn found(keymap: &Keymap, keys: &str, contexts: &[Context]) -> Found {
        keymap.find(&sequence(keys).unwrap(), contexts)
    }

    fn right(text: &str) -> Keymap {
        let (keymap, errors) = read(text);
        assert!(errors.is_empty(), "{text}: {errors:?}");
        keymap
    }

    #[test]
    fn what_is_printed_is_what_holds_without_a_file() {
        let defaults = Keymap::default();
        assert_eq!(read(""), (Keymap::default(), Vec::new()));
        assert_eq!(right(&defaults.to_toml()), defaults);
        let own = right(
            "[criteria]\ntop = \"g g\"\ndelete = []\nedit = { add = \"'\" }\n[screen]\nquit = 'ctrl-q'",
        );
        assert_eq!(right(&own.to_toml().replace("[criteria]", "[criteria]\ndelete = []")), own);
    }

    #[test]
    fn keys_are_replaced_added_and_taken_away() {
        let place = [Context::Criteria, Context::Editor, Context::Screen];
        let keymap =
            right("[criteria]\nadd = \"z\"\nedit = { add = [\"E\"], remove = \"enter\" }\ndelete = []\n");
        let is = |keys: &str| found(&keymap, keys, &place);
        assert_eq!((is("z"), is("a")), (Found::Action(Action::Add), Found::Nothing));
        assert_eq!(
            (is("e"), is("E"), is("enter")),
            (Found::Action(Action::Edit), Found::Action(Action::Edit), Found::Nothing)
        );
        assert_eq!((is("d"), is("delete")), (Found::Nothing, Found::Nothing));
        assert_eq!(keymap.key_of(Action::Add, &place).as_deref(), Some("z"));
        assert_eq!(keymap.key_of(Action::Delete, &place), None);
        // What is not named stays as it is.
        assert_eq!(is("space"), Found::Action(Action::ToggleOff));
    }

    #[test]
    fn several_keys_are_found_one_after_the_other() {
        let place = [Context::Criteria, Context::Editor, Context::Screen];
        let keymap = right(
            "[criteria]\ntop = [\"g g\", \"home\"]\nbottom = [\"g e\", \"end\"]\n[editor]\nsave = \"g s\"\n",
        );
        assert_eq!(found(&keymap, "g", &place), Found::Begins);
        assert_eq!(found(&keymap, "g g", &place), Found::Action(Action::Top));
        assert_eq!(found(&keymap, "g s", &place), Found::Action(Action::Save));
        assert_eq!(found(&keymap, "g x", &place), Found::Nothing);
        let following: Vec<String> =
            keymap.following(&sequence("g").unwrap(), &place).into_iter().map(|(keys, _)| keys).collect();
        assert_eq!(following, ["g", "e", "s"]);
        assert_eq!(keymap.key_of(Action::Top, &place).as_deref(), Some("g g"));
        // In the tables g alone is an action, so that no further key follows there.
        let tables = [Context::Tables, Context::Editor, Context::Screen];
        assert_eq!(found(&keymap, "g", &tables), Found::Action(Action::Top));
        assert_eq!(keymap.key_of(Action::Save, &tables), None);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        for (text, place, message, help) in [
            ("[criterai]\nadd = \"z\"", (1, 2), "no place \"criterai\"", "did you mean criteria?"),
            ("nest = \"z\"", (1, 1), "no place \"nest\"", "below its place"),
            ("[criteria]\n  ad = \"z\"", (2, 3), "no action \"ad\"", "did you mean add?"),
            ("[criteria]\nadd = \"entr\"", (2, 7), "no key \"entr\"", "did you mean enter?"),
            ("[criteria]\nadd = [\"z\", \"cntrl-a\"]", (2, 13), "no key \"cntrl-a\"", "did you mean ctrl-a?"),
            ("[criteria]\nadd = 3", (2, 7), "this is a number", "write \"ctrl-s\""),
            ("[criteria]\nadd = \"\"", (2, 7), "names no key", "write []"),
            ("[criteria]\nadd = { ad = \"z\" }", (2, 9), "no change of keys", "{ add = "),
            ("criteria = \"z\"", (1, 12), "criteria is a place, and this is a text", "write [criteria]"),
            ("[home]\nadd = \"z\"", (2, 1), "add does nothing in home", "criteria, tables"),
            ("[values]\ntick_all = \"A\"", (2, 12), "A is typed as text in values", "ctrl-"),
            ("[anywhere]\nsuspend = \"z\"", (2, 11), "z is typed as text in anywhere", "ctrl-"),
            ("[criteria]\nadd = \"ctrl-i\"", (2, 7), "same for ctrl-i and tab", "write tab"),
            (
                "[criteria]\nadd = \"z\"\nnest = \"z\"",
                (3, 8),
                "z stands for two actions in criteria, add and nest",
                "until then z is add",
            ),
            (
                "[criteria]\nadd = \"z\"\nnest = \"z z\"",
                (3, 8),
                "z z of nest and z of add begin alike",
                "choose other keys",
            ),
            (
                "[criteria]\nadd = \"o\"",
                (2, 7),
                "o takes the only key of edit_operator",
                "edit_operator = []",
            ),
        ] {
            let (_, errors) = read(text);
            let [error] = &errors[..] else { panic!("{text}: {errors:?}") };
            assert_eq!((error.place.line, error.place.column), place, "{text}: {error}");
            assert!(error.message.contains(message), "{text}: {error}");
            assert!(error.help_text().contains(help), "{text}: {}", error.help_text());
        }
    }

    #[test]
    fn what_is_right_holds_beside_what_is_wrong() {
        let place = [Context::Criteria];
        let (keymap, errors) = read(
            "[criteria]\nadd = \"z\"\nnest = \"z\"\nedit = 7\n= 3\n[nowhere]\nx = 1\n[editor]\nsave = \"w\"\n",
        );
        assert_eq!(errors.len(), 4, "{errors:?}");
        assert_eq!(found(&keymap, "z", &place), Found::Action(Action::Add));
        assert_eq!(found(&keymap, "e", &place), Found::Action(Action::Edit));
        assert_eq!(found(&keymap, "w", &[Context::Editor]), Found::Action(Action::Save));
    }

    #[test]
    fn nobody_is_locked_in() {
        let (keymap, errors) =
            read("[add]\nback = []\n[screen]\nquit = []\npalette = []\n[values]\naccept = [\"esc\"]");
        let at = |keys: &str, context| found(&keymap, keys, &[context]);
        assert_eq!(at("esc", Context::Add), Found::Action(Action::Back));
        assert_eq!(at("ctrl-c", Context::Screen), Found::Action(Action::Quit));
        assert_eq!(at("esc", Context::Values), Found::Action(Action::Back));
        let said: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        assert!(said[0].contains("back has no key left in add"), "{said:?}");
        assert!(said[1].contains("quit has no key left in screen"), "{said:?}");
    }

    #[test]
    fn a_key_that_is_taken_on_purpose_is_not_told() {
        let place = [Context::Criteria];
        let keymap = right("[criteria]\nadd = \"o\"\nedit_operator = []\nduplicate = \"enter\"");
        assert_eq!(found(&keymap, "o", &place), Found::Action(Action::Add));
        assert_eq!(keymap.key_of(Action::Edit, &place).as_deref(), Some("e"));
    }
}
