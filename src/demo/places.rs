//! Cities with their states, postal codes, telephone area codes and stores.

/// A city of the demo world.
#[derive(Clone, Copy, Default)]
pub struct City {
    pub name: &'static str,
    /// Two-letter state.
    pub state: &'static str,
    /// First postal code and how many follow it.
    pub postal: (u32, u32),
    /// Telephone area code.
    pub area: u32,
    /// First store and how many stores the city has.
    pub stores: (u32, u32),
    /// Sales tax in basis points.
    pub tax: i64,
}

type Row = (&'static str, &'static str, (u32, u32), u32, (u32, u32), i64);

const fn city((name, state, postal, area, stores, tax): Row) -> City {
    City { name, state, postal, area, stores, tax }
}

/// Cities by number of customers (weights).
pub(crate) const CITIES: &[(City, u32)] = &[
    (city(("Chicago", "IL", (60601, 14), 312, (1, 6), 1025)), 70),
    (city(("Los Angeles", "CA", (90001, 20), 213, (7, 4), 950)), 66),
    (city(("New York", "NY", (10001, 20), 212, (11, 5), 888)), 72),
    (city(("Houston", "TX", (77002, 14), 713, (16, 2), 825)), 42),
    (city(("Seattle", "WA", (98101, 9), 206, (18, 3), 1035)), 40),
    (city(("Minneapolis", "MN", (55401, 12), 612, (21, 2), 903)), 34),
    (city(("Portland", "OR", (97201, 6), 503, (23, 2), 0)), 32),
    (city(("Boston", "MA", (2108, 9), 617, (25, 2), 625)), 34),
    (city(("Boston", "MA", (2134, 2), 617, (25, 2), 625)), 6),
    (city(("San Francisco", "CA", (94102, 9), 415, (27, 2), 863)), 30),
    (city(("San Diego", "CA", (92101, 10), 619, (29, 1), 775)), 26),
    (city(("Sacramento", "CA", (95814, 8), 916, (0, 0), 875)), 14),
    (city(("San Jose", "CA", (95110, 10), 408, (30, 1), 938)), 18),
    (city(("Dallas", "TX", (75201, 11), 214, (31, 1), 825)), 30),
    (city(("Austin", "TX", (78701, 5), 512, (32, 1), 825)), 26),
    (city(("Phoenix", "AZ", (85003, 6), 602, (33, 1), 860)), 26),
    (city(("Tucson", "AZ", (85701, 6), 520, (0, 0), 870)), 10),
    (city(("Philadelphia", "PA", (19102, 6), 215, (34, 1), 800)), 30),
    (city(("Pittsburgh", "PA", (15201, 8), 412, (0, 0), 700)), 14),
    (city(("Denver", "CO", (80202, 9), 303, (35, 1), 881)), 26),
    (city(("Boulder", "CO", (80301, 5), 303, (0, 0), 905)), 8),
    (city(("Atlanta", "GA", (30303, 7), 404, (36, 1), 890)), 26),
    (city(("Columbus", "GA", (31901, 4), 706, (0, 0), 800)), 6),
    (city(("Columbus", "OH", (43201, 7), 614, (37, 1), 800)), 18),
    (city(("Cleveland", "OH", (44102, 8), 216, (0, 0), 800)), 12),
    (city(("Detroit", "MI", (48201, 9), 313, (38, 1), 600)), 18),
    (city(("Ann Arbor", "MI", (48103, 3), 734, (0, 0), 600)), 8),
    (city(("Miami", "FL", (33125, 10), 305, (39, 1), 700)), 26),
    (city(("Orlando", "FL", (32801, 8), 407, (0, 0), 650)), 14),
    (city(("Tampa", "FL", (33602, 8), 813, (0, 0), 750)), 12),
    (city(("Madison", "WI", (53703, 3), 608, (40, 1), 550)), 16),
    (city(("Madison", "IN", (47250, 1), 812, (0, 0), 700)), 4),
    (city(("Milwaukee", "WI", (53202, 9), 414, (0, 0), 790)), 14),
    (city(("Indianapolis", "IN", (46201, 9), 317, (41, 1), 700)), 16),
    (city(("Portland", "ME", (4101, 3), 207, (42, 1), 550)), 8),
    (city(("Springfield", "IL", (62701, 4), 217, (0, 0), 975)), 8),
    (city(("Springfield", "MO", (65801, 7), 417, (0, 0), 810)), 7),
    (city(("Springfield", "MA", (1103, 7), 413, (0, 0), 625)), 6),
    (city(("Evanston", "IL", (60201, 2), 847, (0, 0), 1025)), 8),
    (city(("Kansas City", "MO", (64105, 7), 816, (43, 1), 886)), 12),
    (city(("Kansas City", "KS", (66101, 6), 913, (0, 0), 913)), 6),
    (city(("St. Louis", "MO", (63101, 9), 314, (0, 0), 968)), 12),
    (city(("Nashville", "TN", (37201, 9), 615, (44, 1), 925)), 16),
    (city(("Charlotte", "NC", (28202, 7), 704, (45, 1), 725)), 16),
    (city(("Raleigh", "NC", (27601, 9), 919, (0, 0), 725)), 12),
    (city(("Las Vegas", "NV", (89101, 9), 702, (46, 1), 838)), 14),
    (city(("Salt Lake City", "UT", (84101, 6), 801, (0, 0), 775)), 10),
    (city(("Spokane", "WA", (99201, 5), 509, (0, 0), 900)), 8),
    (city(("Eugene", "OR", (97401, 5), 541, (0, 0), 0)), 7),
    (city(("Newark", "NJ", (7102, 7), 973, (47, 1), 663)), 14),
    (city(("Hartford", "CT", (6103, 4), 860, (0, 0), 635)), 8),
    (city(("Washington", "DC", (20001, 12), 202, (48, 1), 600)), 16),
    (city(("New Orleans", "LA", (70112, 9), 504, (0, 0), 945)), 10),
    (city(("Honolulu", "HI", (96813, 7), 808, (0, 0), 450)), 6),
];

/// Streets that every city has.
pub(crate) const STREETS: &[&str] = &[
    "Main St",
    "Oak St",
    "Maple Ave",
    "Cedar Ln",
    "Pine St",
    "Elm St",
    "Washington Ave",
    "Lake Shore Dr",
    "Park Ave",
    "Hillcrest Rd",
    "Sunset Blvd",
    "River Rd",
    "Church St",
    "Highland Ave",
    "Mill Rd",
    "Prospect St",
    "Spring St",
    "Grant Ave",
    "Jefferson St",
    "Franklin Ave",
    "2nd St",
    "3rd Ave",
    "4th St",
    "5th Ave",
    "Birch Ct",
    "Willow Way",
    "Chestnut St",
    "Meadow Ln",
    "Union St",
    "King St",
];
