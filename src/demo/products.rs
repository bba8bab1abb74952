//! The product catalogue. It is the same in every demo database.

use std::collections::BTreeMap;

use fastrand::Rng;

use super::random::{chance, pick, pick_weighted};

/// A product of the catalogue.
pub struct Product {
    /// Identifies the product.
    pub id: String,
    /// What is on the label.
    pub name: String,
    /// Who makes it, and under which brand it is sold.
    pub brand: &'static str,
    /// Department of the store.
    pub department: &'static str,
    /// Category, lower case.
    pub category: &'static str,
    /// Subcategory, lower case.
    pub subcategory: &'static str,
    /// Whom it is cut for.
    pub gender: &'static str,
    /// Colour, lower case.
    pub color: &'static str,
    /// Material, lower case.
    pub material: &'static str,
    /// Season it is made for; none for the whole year.
    pub season: Option<&'static str>,
    /// Collection, if it belongs to one.
    pub collection: Option<&'static str>,
    /// List price of one unit, in cents.
    pub price: i64,
    /// Cost of one unit, in cents.
    pub cost: i64,
}

/// The brands by number of orders (weights), with what a price is multiplied by, in percent.
pub(crate) const BRANDS: &[((&str, i64), u32)] =
    &[(("Acme", 100), 48), (("Socktown", 85), 20), (("Harbor Lane", 140), 18), (("Juniper Row", 120), 14)];

struct Category {
    name: &'static str,
    department: &'static str,
    season: Option<&'static str>,
    brands: &'static [&'static str],
    materials: &'static [&'static str],
    /// Subcategories with their price in dollars.
    subcategories: &'static [(&'static str, i64)],
}

const CATEGORIES: &[Category] = &[
    Category {
        name: "socks",
        department: "accessories",
        season: None,
        brands: &["Acme", "Socktown"],
        materials: &["wool", "cotton", "bamboo", "polyester"],
        subcategories: &[("crew socks", 9), ("ankle socks", 7), ("wool socks", 14), ("deluxe socks", 22)],
    },
    Category {
        name: "jeans",
        department: "clothing",
        season: None,
        brands: &["Acme", "Harbor Lane"],
        materials: &["denim", "stretch denim"],
        subcategories: &[("slim jeans", 59), ("straight jeans", 64), ("deluxe selvedge jeans", 128)],
    },
    Category {
        name: "tops and t-shirts",
        department: "clothing",
        season: Some("summer"),
        brands: &["Acme", "Juniper Row"],
        materials: &["cotton", "linen", "polyester"],
        subcategories: &[("t-shirts", 19), ("shirts", 39), ("blouses", 44), ("tank tops", 15)],
    },
    Category {
        name: "shoes",
        department: "footwear",
        season: None,
        brands: &["Acme", "Harbor Lane", "Juniper Row"],
        materials: &["leather", "canvas", "suede"],
        subcategories: &[("sneakers", 69), ("boots", 129), ("sandals", 49), ("dress shoes", 109)],
    },
    Category {
        name: "jackets",
        department: "outerwear",
        season: Some("winter"),
        brands: &["Acme", "Harbor Lane"],
        materials: &["wool", "nylon", "leather", "down"],
        subcategories: &[("rain jackets", 89), ("parkas", 179), ("deluxe down jackets", 249)],
    },
    Category {
        name: "sweaters",
        department: "clothing",
        season: Some("winter"),
        brands: &["Acme", "Harbor Lane"],
        materials: &["wool", "cashmere", "cotton"],
        subcategories: &[("pullovers", 54), ("cardigans", 62), ("hoodies", 48)],
    },
    Category {
        name: "dresses",
        department: "clothing",
        season: Some("summer"),
        brands: &["Juniper Row"],
        materials: &["cotton", "silk", "linen"],
        subcategories: &[("day dresses", 69), ("evening dresses", 139), ("skirts", 45)],
    },
    Category {
        name: "hats",
        department: "accessories",
        season: None,
        brands: &["Acme", "Socktown"],
        materials: &["wool", "cotton", "straw"],
        subcategories: &[("beanies", 18), ("caps", 22), ("sun hats", 29)],
    },
    Category {
        name: "sportswear",
        department: "sport",
        season: None,
        brands: &["Acme"],
        materials: &["polyester", "spandex"],
        subcategories: &[("leggings", 42), ("running shorts", 29), ("sports bras", 35)],
    },
    Category {
        name: "bags",
        department: "accessories",
        season: None,
        brands: &["Harbor Lane", "Juniper Row"],
        materials: &["leather", "canvas"],
        subcategories: &[("backpacks", 79), ("totes", 58), ("deluxe handbags", 210)],
    },
    Category {
        name: "underwear",
        department: "clothing",
        season: None,
        brands: &["Socktown"],
        materials: &["cotton", "silk", "wool"],
        subcategories: &[("boxers", 16), ("thermals", 34), ("undershirts", 14)],
    },
];

/// Categories that customers favour (weights).
const FAVOURITES: &[(&str, u32)] = &[
    ("socks", 18),
    ("jeans", 14),
    ("tops and t-shirts", 17),
    ("shoes", 15),
    ("jackets", 8),
    ("sweaters", 8),
    ("dresses", 7),
    ("hats", 5),
    ("sportswear", 8),
];

const COLORS: &[&str] =
    &["black", "blue", "grey", "white", "red", "green", "navy", "brown", "beige", "pink", "yellow"];
const GENDERS: &[&str] = &["women", "men", "unisex", "women", "men", "kids", "unisex"];
const COLLECTIONS: &[Option<&str>] = &[None, Some("classic"), Some("heritage"), None, Some("studio")];
/// Products of one subcategory of one brand.
const VARIANTS: usize = 4;

/// All products, and which of them each brand sells.
pub(crate) struct Catalogue {
    products: Vec<Product>,
    by_brand: BTreeMap<&'static str, Vec<usize>>,
    by_category: BTreeMap<(&'static str, &'static str), Vec<usize>>,
}

impl Catalogue {
    /// Builds the catalogue.
    pub fn new() -> Self {
        let mut catalogue =
            Self { products: Vec::new(), by_brand: BTreeMap::new(), by_category: BTreeMap::new() };
        for ((brand, factor), _) in BRANDS {
            for category in CATEGORIES.iter().filter(|category| category.brands.contains(brand)) {
                for (subcategory, dollars) in category.subcategories {
                    for variant in 0..VARIANTS {
                        catalogue.add(brand, *factor, category, subcategory, *dollars, variant);
                    }
                }
            }
        }
        catalogue
    }

    fn add(
        &mut self,
        brand: &'static str,
        factor: i64,
        category: &Category,
        subcategory: &'static str,
        dollars: i64,
        variant: usize,
    ) {
        let number = self.products.len();
        let cycle =
            |items: &[&'static str], at: usize| items.iter().cycle().nth(at).copied().unwrap_or_default();
        let color = cycle(COLORS, number * 7 + variant);
        let material = cycle(category.materials, number + variant);
        let half_dollars = dollars * 2 * (factor + 6 * i64::try_from(variant).unwrap_or_default()) / 100;
        let price = half_dollars * 50 - 1;
        self.by_brand.entry(brand).or_default().push(number);
        self.by_category.entry((brand, category.name)).or_default().push(number);
        self.products.push(Product {
            id: format!("P{:05}", 10_000 + number * 7),
            name: format!("{brand} {color} {material} {subcategory}"),
            brand,
            department: category.department,
            category: category.name,
            subcategory,
            gender: cycle(GENDERS, number),
            color,
            material,
            season: category.season,
            collection: COLLECTIONS.iter().cycle().nth(number).copied().flatten(),
            price,
            cost: price * (38 + i64::try_from(number % 17).unwrap_or_default()) / 100,
        });
    }

    /// A product of the brand for a customer with this favourite category and gender, in this month.
    pub(crate) fn choose(
        &self,
        rng: &mut Rng,
        brand: &str,
        favourite: &'static str,
        gender: &str,
        month: u32,
    ) -> Option<&Product> {
        let assortment = self.by_brand.get(brand)?;
        let favourites = BRANDS
            .iter()
            .find(|((name, _), _)| *name == brand)
            .and_then(|((name, _), _)| self.by_category.get(&(*name, favourite)));
        let mut candidate = None;
        // The first candidate that fits, or else the last one: people also buy for others.
        for _ in 0..3 {
            let shelf = favourites.filter(|_| chance(rng, 55)).unwrap_or(assortment);
            candidate = self.products.get(pick(rng, shelf));
            if candidate.is_some_and(|product| fits(product, gender, month)) {
                break;
            }
        }
        candidate
    }
}

fn fits(product: &Product, gender: &str, month: u32) -> bool {
    let cut = match product.gender {
        "women" => gender != "male",
        "men" => gender != "female",
        "kids" => false,
        _ => true,
    };
    let season = match product.season {
        Some("summer") => (4..=9).contains(&month),
        Some("winter") => !(4..=8).contains(&month),
        _ => true,
    };
    cut && season
}

pub(crate) fn favourite_category(rng: &mut Rng) -> &'static str {
    pick_weighted(rng, FAVOURITES)
}

pub(crate) fn brand(rng: &mut Rng) -> &'static str {
    pick_weighted(rng, BRANDS).0
}
