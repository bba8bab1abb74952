//! Tables of orders and of the items in them.

use polars::prelude::{DataFrame, PolarsResult};

use super::chunk::Chunk;
use super::frame::Frame;
use crate::demo::customer::Customer;
use crate::demo::orders::{Item, Order};

struct OrderRow<'c> {
    customer: &'c Customer<'c>,
    customer_id: &'c str,
    order: &'c Order<'c>,
}

struct ItemRow<'c> {
    order: &'c OrderRow<'c>,
    item: &'c Item<'c>,
}

fn buyers<'c>(chunk: &'c Chunk) -> Vec<(&'c Customer<'c>, String)> {
    let everybody = chunk.customers.iter().chain(&chunk.orphans);
    everybody.map(|customer| (customer, customer.profile.customer_id())).collect()
}

fn order_rows<'c>(buyers: &'c [(&'c Customer<'c>, String)]) -> Vec<OrderRow<'c>> {
    let rows = buyers.iter().flat_map(|(customer, customer_id)| {
        customer.orders.iter().map(move |order| OrderRow { customer, customer_id, order })
    });
    rows.collect()
}

/// Unified_Transactions: one row for each order.
pub fn orders(chunk: &Chunk) -> PolarsResult<DataFrame> {
    let buyers = buyers(chunk);
    let rows = order_rows(&buyers);
    Frame::new(&rows)
        .text("order_id", |r| Some(&r.order.id))
        .text("amperity_id", |r| Some(&r.customer.profile.amperity_id))
        .text("customer_id", |r| Some(r.customer_id))
        .timestamp("order_datetime", |r| Some(r.order.at))
        .money("order_revenue", |r| Some(r.order.totals.revenue))
        .int("order_quantity", |r| Some(r.order.totals.quantity))
        .money("order_returned_revenue", |r| Some(r.order.totals.returned_revenue))
        .int("order_returned_quantity", |r| Some(r.order.totals.returned_quantity))
        .money("order_canceled_revenue", |r| Some(r.order.totals.canceled_revenue))
        .int("order_canceled_quantity", |r| Some(r.order.totals.canceled_quantity))
        .money("order_profit", |r| Some(r.order.totals.profit))
        .money("order_list_price", |r| Some(r.order.totals.list_price))
        .money("order_subtotal", |r| Some(r.order.totals.revenue))
        .money("order_discount_amount", |r| Some(r.order.discount()))
        .decimal("order_discount_percent", 2, |r| Some(r.order.coupon))
        .money("order_shipping_amount", |r| Some(r.order.shipping))
        .money("order_tax_amount", |r| Some(r.order.totals.tax))
        .money("sum_item_revenue", |r| Some(r.order.totals.revenue))
        .money("sum_item_discount_amount", |r| Some(r.order.totals.discount))
        .text("currency", |_| Some("USD"))
        .text("purchase_channel", |r| Some(r.order.channel))
        .text("digital_channel", |r| r.order.digital_channel)
        .text("purchase_brand", |r| Some(r.order.brand))
        .text("store_id", |r| r.order.store.as_deref())
        .text("payment_method", |r| r.order.payment)
        .finish()
}

/// Unified_Itemized_Transactions: one row for each product of an order, and for each return or
/// cancellation of one.
pub fn items(chunk: &Chunk) -> PolarsResult<DataFrame> {
    let buyers = buyers(chunk);
    let orders = order_rows(&buyers);
    let rows: Vec<ItemRow> = orders
        .iter()
        .flat_map(|order| order.order.items.iter().map(move |item| ItemRow { order, item }))
        .collect();
    let list_price = |item: &Item| item.product.price;
    let profit = |item: &Item| item.unit_revenue() - item.product.cost;
    Frame::new(&rows)
        .text("order_id", |r| Some(&r.order.order.id))
        .text("product_id", |r| Some(&r.item.product.id))
        .text("amperity_id", |r| Some(&r.order.customer.profile.amperity_id))
        .text("customer_id", |r| Some(r.order.customer_id))
        .timestamp("order_datetime", |r| Some(r.item.at))
        .flag("is_return", |r| r.item.is_return)
        .flag("is_cancellation", |r| r.item.is_cancellation)
        .int("item_quantity", |r| Some(r.item.quantity))
        .money("item_revenue", |r| Some(r.item.revenue()))
        .money("item_list_price", |r| Some(r.item.quantity * list_price(r.item)))
        .money("item_discount_amount", |r| Some(r.item.quantity * r.item.unit_discount))
        .decimal("item_discount_percent", 2, |r| Some(r.item.discount_percent))
        .money("item_subtotal", |r| Some(r.item.revenue()))
        .money("item_cost", |r| Some(r.item.quantity * r.item.product.cost))
        .money("item_profit", |r| Some(r.item.quantity * profit(r.item)))
        .money("item_tax_amount", |r| Some(r.item.quantity * r.item.unit_tax))
        .money("unit_revenue", |r| Some(r.item.unit_revenue()))
        .money("unit_cost", |r| Some(r.item.product.cost))
        .money("unit_profit", |r| Some(profit(r.item)))
        .money("unit_subtotal", |r| Some(r.item.unit_revenue()))
        .money("unit_tax_amount", |r| Some(r.item.unit_tax))
        .money("unit_discount_amount", |r| Some(r.item.unit_discount))
        .money("unit_list_price", |r| Some(list_price(r.item)))
        .money("order_discount_amount", |r| Some(r.order.order.discount()))
        .text("currency", |_| Some("USD"))
        .text("digital_channel", |r| r.order.order.digital_channel)
        .text("purchase_channel", |r| Some(r.order.order.channel))
        .text("purchase_brand", |r| Some(r.order.order.brand))
        .text("store_id", |r| r.order.order.store.as_deref())
        .text("payment_method", |r| r.order.order.payment)
        .text("product_name", |r| Some(&r.item.product.name))
        .text("product_brand", |r| Some(r.item.product.brand))
        .text("product_department", |r| Some(r.item.product.department))
        .text("product_category", |r| Some(r.item.product.category))
        .text("product_subcategory", |r| Some(r.item.product.subcategory))
        .text("product_gender", |r| Some(r.item.product.gender))
        .text("product_color", |r| Some(r.item.product.color))
        .text("product_material", |r| Some(r.item.product.material))
        .text("product_season", |r| r.item.product.season)
        .text("product_collection", |r| r.item.product.collection)
        .money("product_msrp", |r| Some(list_price(r.item)))
        .finish()
}
