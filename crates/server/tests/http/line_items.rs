//! Line items: what they may hold, and what they add up to.

use serde_json::json;

use crate::app::each_app;

#[tokio::test]
async fn quantities_are_positive_and_discounts_percentages() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let deal = json!({"properties": {"name": "a"}});
        let items = format!(
            "{}/line-items",
            ann.post("/objects/deals", deal).await.status(201).path()
        );
        for (body, codes) in [
            (json!({"quantity": -1}), &["INVALID_QUANTITY"][..]),
            (json!({"quantity": 0}), &["INVALID_QUANTITY"]),
            (json!({"quantity": "1"}), &["INVALID_NUMBER"]),
            (json!({"discount": -1}), &["INVALID_DISCOUNT"]),
            (json!({"discount": 100.01}), &["INVALID_DISCOUNT"]),
            (
                json!({"quantity": -1, "discount": 101}),
                &["INVALID_QUANTITY", "INVALID_DISCOUNT"],
            ),
        ] {
            let answer = ann.post(&items, body).await.status(422);
            let told: Vec<String> = answer.errors().into_iter().map(|(_, code)| code).collect();
            assert_eq!(told, codes);
        }
        let body = json!({"quantity": 0.5, "discount": 100});
        let item = ann.post(&items, body).await.status(201).string("/id");
        let path = format!("{items}/{item}");
        ann.patch(&path, json!({"quantity": -2}))
            .await
            .problem(422, "INVALID_QUANTITY");
        ann.patch(&path, json!({"quantity": 2})).await.status(200);
    })
    .await;
}

#[tokio::test]
async fn totals_count_the_items_of_all_pages() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let deal = json!({"properties": {"name": "a"}});
        let items = format!(
            "{}/line-items",
            ann.post("/objects/deals", deal).await.status(201).path()
        );
        for amount in ["1.00", "2.00", "3.00"] {
            let body = json!({"quantity": 1, "unitPrice": {"amount": amount, "currency": "EUR"}});
            ann.post(&items, body).await.status(201);
        }
        let page = ann.get(&format!("{items}?limit=2")).await.status(200);
        assert_eq!(page.list("/results").len(), 2);
        assert_eq!(
            page.at("/totals"),
            &json!([{"amount": "6.00", "currency": "EUR"}])
        );
        let after = page.string("/paging/next/after");
        let last = ann
            .get(&format!("{items}?limit=2&after={after}"))
            .await
            .status(200);
        assert_eq!(last.string("/results/0/total/amount"), "3.00");
        assert!(last.at("/paging").is_null());
    })
    .await;
}

#[tokio::test]
async fn line_items_are_shown_as_they_were_and_as_they_were_known() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let deal = json!({"properties": {"name": "Ada Ltd"}});
        let deal = ann.post("/objects/deals", deal).await.status(201).path();
        app.clock.step_seconds(60);
        let before = app.clock.now().to_string();
        app.clock.step_seconds(60);
        let items = format!("{deal}/line-items");
        let item = json!({"name": "Hours", "quantity": 2, "unitPrice": {"amount": "80.00", "currency": "EUR"}});
        ann.post(&items, item).await.status(201);
        app.clock.step_seconds(60);
        let after = app.clock.now().to_string();
        for moment in ["asOf", "recordedAsOf"] {
            for (at, count) in [(&before, 0), (&after, 1)] {
                let shown = ann.get(&format!("{items}?{moment}={at}")).await.status(200);
                assert_eq!(shown.list("/results").len(), count, "{moment}={at}");
                assert_eq!(shown.list("/totals").len(), count, "{moment}={at}");
                assert_eq!(shown.at(&format!("/{moment}")), &json!(at));
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_name_a_price_and_a_discount_can_be_cleared() {
    each_app(async |app| {
        let ann = app.signup("ann").await;
        let price = json!({"amount": "5.00", "currency": "EUR"});
        let product = json!({"properties": {"name": "Desk", "price": price}});
        let product = ann
            .post("/objects/products", product)
            .await
            .status(201)
            .string("/id");
        let deal = json!({"properties": {"name": "a"}});
        let deal = ann.post("/objects/deals", deal).await.status(201).path();
        let items = format!("{deal}/line-items");
        let body = json!({"product": product, "name": "A desk", "quantity": 2, "discount": 50});
        let item = ann.post(&items, body).await.status(201);
        assert_eq!(item.string("/total/amount"), "5.00");
        let path = format!("{items}/{}", item.string("/id"));
        let same = ann.patch(&path, json!({"quantity": 2})).await.status(200);
        assert_eq!(same.json, item.json);
        let plain = json!({"name": null, "discount": null});
        let plain = ann.patch(&path, plain).await.status(200);
        assert_eq!(
            (plain.at("/name"), plain.at("/discount")),
            (&json!(null), &json!(null))
        );
        assert_eq!(plain.string("/total/amount"), "10.00");
        let unpriced = ann
            .patch(&path, json!({"unitPrice": null}))
            .await
            .status(200);
        assert_eq!(
            (unpriced.at("/unitPrice"), unpriced.at("/total")),
            (&json!(null), &json!(null))
        );
        assert_eq!(unpriced.string("/product"), product);
        // A new one takes the product's price unless it says that it has none.
        let free = json!({"product": product, "unitPrice": null});
        let free = ann.post(&items, free).await.status(201);
        assert_eq!(free.at("/unitPrice"), &json!(null));
    })
    .await;
}
