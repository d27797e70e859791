//! Every seed of the fuzz targets holds, so that the targets build and mean something between two runs of `make fuzz`.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that meets what it does not expect must fail"
)]

#[path = "../../../fuzz/checks/mod.rs"]
mod checks;

use std::{fs, path::Path};

#[test]
fn files_of_any_kind_are_read_or_refused() {
    each_seed("csv_rows", checks::csv_rows);
}

#[test]
fn filters_of_any_kind_are_read_or_refused() {
    each_seed("filter_json", checks::filter_json);
}

fn each_seed(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/seeds")
        .join(target);
    let mut count = 0;
    for seed in fs::read_dir(&folder).unwrap() {
        let path = seed.unwrap().path();
        println!("{}", path.display());
        check(&fs::read(&path).unwrap());
        count += 1;
    }
    assert!(count > 5, "{} holds only {count} seeds", folder.display());
}
