//! The closed sets of words that documents are written in.

/// Declares an enum whose variants have the spelling that documents use.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $id:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* #[doc = concat!("`", $id, "`")] $variant,)+ }

        impl Keyword for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            fn id(self) -> &'static str { match self { $(Self::$variant => $id),+ } }
        }
    };
}

/// A word of the document format.
pub trait Keyword: Copy + Sized + 'static {
    /// Every word of this kind, in the order in which pickers show them.
    const ALL: &'static [Self];
    /// The spelling in documents.
    fn id(self) -> &'static str;
    /// The word that is spelled so, if any.
    fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|word| word.id() == id)
    }
    /// The spelling on screens: the id with blanks.
    fn spaced(self) -> String {
        self.id().replace('_', " ")
    }
}

vocabulary! {
    /// The type of a column (`docs/reference/database.md`, Types).
    DataType {
        String = "string", Integer = "integer", Decimal = "decimal",
        Boolean = "boolean", Date = "date", Datetime = "datetime",
    }
}

vocabulary! {
    /// How the nodes of a group combine.
    Match { All = "all", Any = "any", }
}

vocabulary! {
    /// Which rows of a multi-row table must satisfy a condition.
    RowQuantifier { Any = "any", None = "none", Every = "every", }
}

vocabulary! {
    /// Whether a segment is being worked on or in use.
    Status { Draft = "draft", Active = "active", }
}

vocabulary! {
    /// The operators of attribute conditions and filters.
    Operator {
        IsTrue = "is_true", IsFalse = "is_false",
        Is = "is", IsNot = "is_not",
        IsGreaterThan = "is_greater_than", IsGreaterThanOrEqualTo = "is_greater_than_or_equal_to",
        IsLessThan = "is_less_than", IsLessThanOrEqualTo = "is_less_than_or_equal_to",
        IsBefore = "is_before", IsAfter = "is_after",
        IsOnOrBefore = "is_on_or_before", IsOnOrAfter = "is_on_or_after",
        IsExactly = "is_exactly", IsNotExactly = "is_not_exactly",
        Contains = "contains", DoesNotContain = "does_not_contain",
        StartsWith = "starts_with", DoesNotStartWith = "does_not_start_with",
        EndsWith = "ends_with", DoesNotEndWith = "does_not_end_with",
        IsLike = "is_like", IsNotLike = "is_not_like",
        IsBetween = "is_between", IsNotBetween = "is_not_between",
        IsInList = "is_in_list", IsNotInList = "is_not_in_list",
        AnniversaryIsBetween = "anniversary_is_between",
        IsEmpty = "is_empty", IsNotEmpty = "is_not_empty",
        IsNull = "is_null", IsNotNull = "is_not_null",
    }
}

/// How many values an operator takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// No value: `is_null`.
    None,
    /// One value: `is_exactly`.
    One,
    /// Two ends: `is_between`.
    Two,
    /// Any number from one on: `is_in_list`.
    Many,
}

impl Operator {
    /// The operators that a column of this type takes, in the order in which they are offered.
    #[must_use]
    pub fn for_type(data_type: DataType) -> &'static [Operator] {
        use Operator as O;
        match data_type {
            DataType::Boolean => &[O::IsTrue, O::IsFalse, O::IsNull, O::IsNotNull],
            DataType::Integer | DataType::Decimal => &[
                O::Is,
                O::IsNot,
                O::IsGreaterThan,
                O::IsGreaterThanOrEqualTo,
                O::IsLessThan,
                O::IsLessThanOrEqualTo,
                O::IsBetween,
                O::IsNotBetween,
                O::IsInList,
                O::IsNotInList,
                O::IsNull,
                O::IsNotNull,
            ],
            DataType::String => &[
                O::IsExactly,
                O::IsNotExactly,
                O::IsInList,
                O::IsNotInList,
                O::Contains,
                O::DoesNotContain,
                O::StartsWith,
                O::DoesNotStartWith,
                O::EndsWith,
                O::DoesNotEndWith,
                O::IsLike,
                O::IsNotLike,
                O::IsEmpty,
                O::IsNotEmpty,
                O::IsNull,
                O::IsNotNull,
            ],
            DataType::Date | DataType::Datetime => &[
                O::Is,
                O::IsNot,
                O::IsBefore,
                O::IsAfter,
                O::IsOnOrBefore,
                O::IsOnOrAfter,
                O::IsBetween,
                O::IsNotBetween,
                O::AnniversaryIsBetween,
                O::IsNull,
                O::IsNotNull,
            ],
        }
    }

    /// The operator that asks the same of a list of values.
    #[must_use]
    pub(crate) fn for_list(self) -> Option<Operator> {
        match self {
            Self::Is | Self::IsExactly => Some(Self::IsInList),
            Self::IsNot | Self::IsNotExactly => Some(Self::IsNotInList),
            _ => None,
        }
    }

    /// The operator that asks the same of another type of column.
    #[must_use]
    pub(crate) fn counterpart(self, data_type: DataType) -> Option<Operator> {
        use Operator as O;
        let same: &[Operator] = match self {
            O::Is | O::IsExactly => &[O::Is, O::IsExactly],
            O::IsNot | O::IsNotExactly => &[O::IsNot, O::IsNotExactly],
            O::IsGreaterThan | O::IsAfter => &[O::IsGreaterThan, O::IsAfter],
            O::IsGreaterThanOrEqualTo | O::IsOnOrAfter => &[O::IsGreaterThanOrEqualTo, O::IsOnOrAfter],
            O::IsLessThan | O::IsBefore => &[O::IsLessThan, O::IsBefore],
            O::IsLessThanOrEqualTo | O::IsOnOrBefore => &[O::IsLessThanOrEqualTo, O::IsOnOrBefore],
            O::IsEmpty => &[O::IsNull],
            O::IsNotEmpty => &[O::IsNotNull],
            _ => &[],
        };
        same.iter().copied().find(|op| Operator::for_type(data_type).contains(op))
    }

    /// How many values it takes.
    #[must_use]
    pub fn arity(self) -> Arity {
        match self {
            Self::IsTrue
            | Self::IsFalse
            | Self::IsEmpty
            | Self::IsNotEmpty
            | Self::IsNull
            | Self::IsNotNull => Arity::None,
            Self::IsBetween | Self::IsNotBetween | Self::AnniversaryIsBetween => Arity::Two,
            Self::IsInList | Self::IsNotInList => Arity::Many,
            Self::Is
            | Self::IsNot
            | Self::IsGreaterThan
            | Self::IsGreaterThanOrEqualTo
            | Self::IsLessThan
            | Self::IsLessThanOrEqualTo
            | Self::IsBefore
            | Self::IsAfter
            | Self::IsOnOrBefore
            | Self::IsOnOrAfter
            | Self::IsExactly
            | Self::IsNotExactly
            | Self::Contains
            | Self::DoesNotContain
            | Self::StartsWith
            | Self::DoesNotStartWith
            | Self::EndsWith
            | Self::DoesNotEndWith
            | Self::IsLike
            | Self::IsNotLike => Arity::One,
        }
    }

    /// Whether it compares texts and nothing else.
    #[must_use]
    pub fn is_of_text(self) -> bool {
        Self::for_type(DataType::String).contains(&self)
            && !Self::for_type(DataType::Integer).contains(&self)
            && !Self::for_type(DataType::Boolean).contains(&self)
    }

    /// Whether a NULL is left out although the words are negative ("is not exactly Chicago").
    #[must_use]
    pub fn is_negative(self) -> bool {
        matches!(
            self,
            Self::IsNot
                | Self::IsNotExactly
                | Self::DoesNotContain
                | Self::DoesNotStartWith
                | Self::DoesNotEndWith
                | Self::IsNotLike
                | Self::IsNotBetween
                | Self::IsNotInList
        )
    }

    /// The words on screens.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Contains => "has".to_owned(),
            other => other.spaced(),
        }
    }

    /// What a picker's search looks through: `has` and `is like` find `contains`.
    #[must_use]
    pub(crate) fn search_text(self) -> String {
        match self {
            Self::Contains => "has contains is like".to_owned(),
            other => other.spaced(),
        }
    }
}

vocabulary! {
    /// What a purchase condition asks of the items table.
    Behaviour {
        HasPurchased = "has_purchased", HasNotPurchased = "has_not_purchased",
        FirstPurchase = "first_purchase", RepeatPurchase = "repeat_purchase",
        MostFrequentOrder = "most_frequent_order",
        TotalValueOfOrders = "total_value_of_orders", TotalQuantityOfItems = "total_quantity_of_items",
    }
}

impl Behaviour {
    /// The words on screens, as the product's users know them.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::HasPurchased => "Has purchased",
            Self::HasNotPurchased => "Has not purchased",
            Self::FirstPurchase => "First purchase",
            Self::RepeatPurchase => "Repeat purchase",
            Self::MostFrequentOrder => "Most frequent order",
            Self::TotalValueOfOrders => "Total value of orders",
            Self::TotalQuantityOfItems => "Total quantity of items",
        }
    }

    /// Whether it compares a number with a value.
    #[must_use]
    pub(crate) fn takes_amount(self) -> bool {
        matches!(self, Self::HasPurchased | Self::TotalValueOfOrders | Self::TotalQuantityOfItems)
    }
}

vocabulary! {
    /// How a purchase condition compares its number.
    AmountOperator {
        MoreThan = "more_than", LessThan = "less_than", Exactly = "exactly",
        AtLeast = "at_least", AtMost = "at_most", Between = "between",
    }
}

vocabulary! {
    /// Which order dates a purchase condition looks at.
    WhenOperator {
        AnyTime = "any_time", After = "after", Before = "before",
        OnOrAfter = "on_or_after", OnOrBefore = "on_or_before",
        On = "on", NotOn = "not_on", Between = "between", NotBetween = "not_between",
    }
}

impl WhenOperator {
    /// How many dates it takes.
    #[must_use]
    pub fn arity(self) -> Arity {
        match self {
            Self::AnyTime => Arity::None,
            Self::Between | Self::NotBetween => Arity::Two,
            Self::On | Self::NotOn | Self::Before | Self::After | Self::OnOrBefore | Self::OnOrAfter => {
                Arity::One
            }
        }
    }
}

vocabulary! {
    /// The functions of aggregate conditions.
    AggregateFunction {
        Count = "count", CountDistinct = "count_distinct", Sum = "sum",
        Average = "avg", Minimum = "min", Maximum = "max",
    }
}

impl AggregateFunction {
    /// The functions that work on a column of this type, in the order in which they are offered.
    #[must_use]
    pub fn for_type(data_type: DataType) -> &'static [AggregateFunction] {
        use AggregateFunction as F;
        match data_type {
            DataType::Integer | DataType::Decimal => {
                &[F::Sum, F::Average, F::Minimum, F::Maximum, F::CountDistinct, F::Count]
            }
            DataType::String | DataType::Date | DataType::Datetime => {
                &[F::CountDistinct, F::Minimum, F::Maximum, F::Count]
            }
            DataType::Boolean => &[F::CountDistinct, F::Count],
        }
    }

    /// The type of what it makes of a column of this type, or of rows where there is no column; `None`
    /// where it does not work.
    #[must_use]
    pub fn result(self, column: Option<DataType>) -> Option<DataType> {
        match (self, column) {
            (Self::Count, None) => Some(DataType::Integer),
            (_, None) => None,
            (function, Some(column)) if !Self::for_type(column).contains(&function) => None,
            (Self::Count | Self::CountDistinct, Some(_)) => Some(DataType::Integer),
            (Self::Sum | Self::Average, Some(_)) => Some(DataType::Decimal),
            (Self::Minimum | Self::Maximum, Some(column)) => Some(column),
        }
    }
}

vocabulary! {
    /// Whether the customers of a list are wanted or unwanted.
    ListOperator { IsMember = "is_member", IsNotMember = "is_not_member", }
}

impl ListOperator {
    /// Its name on screens.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::IsMember => "is a member",
            Self::IsNotMember => "is not a member",
        }
    }
}
