//! What a build has to know before the first line of the library is compiled.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "capi")]
    check_c_layout();
    #[cfg(feature = "python")]
    prepare_extension();
}

/// Checks `include/hashtable.h` against the library: the sizes, offsets and numbers below are those of the
/// header (a C compiler says so, here) and those of Rust's types (`src/capi/layout.rs`, while it is compiled).
#[cfg(feature = "capi")]
fn check_c_layout() {
    /// A type: its name in C and in Rust, and its size in bytes if C may know it.
    const TYPES: [(&str, &str, Option<usize>); 3] =
        [("ht_value", "Value", Some(8)), ("ht_item", "Item", Some(32)), ("ht_table", "Handle", None)];
    /// A field: its type in C and in Rust, its name in both, and its offset and size in bytes.
    const FIELDS: [(&str, &str, &str, &str, usize, usize); 13] = [
        ("ht_value", "Value", "i", "i", 0, 8),
        ("ht_value", "Value", "f", "f", 0, 8),
        ("ht_value", "Value", "str", "str", 0, 8),
        ("ht_item", "Item", "hash", "hash", 0, 8),
        ("ht_item", "Item", "key", "key", 8, 8),
        ("ht_item", "Item", "value", "value", 16, 8),
        ("ht_item", "Item", "private_link", "link", 24, 4),
        ("ht_item", "Item", "key_type", "key_type", 28, 1),
        ("ht_item", "Item", "value_type", "value_type", 29, 1),
        ("ht_item", "Item", "private_state", "state", 30, 2),
        ("ht_table", "Handle", "size", "size", 0, 8),
        ("ht_table", "Handle", "load", "load", 8, 8),
        ("ht_table", "Handle", "max_load_proportion", "max_load_proportion", 16, 8),
    ];
    /// A number: its name in C and in Rust.
    const NUMBERS: [(&str, &str, i32); 7] = [
        ("HT_INTEGER", "Kind::Integer", 0),
        ("HT_DOUBLE", "Kind::Double", 1),
        ("HT_STRING", "Kind::String", 2),
        ("HT_OK", "Status::Ok", 0),
        ("HT_ENOMEM", "Status::NoMemory", 1),
        ("HT_EINVAL", "Status::Invalid", 2),
        ("HT_EBUG", "Status::Bug", 3),
    ];
    println!("cargo::rerun-if-changed=include/hashtable.h");
    println!("cargo::rerun-if-changed=src/capi/layout.c");
    println!("cargo::rustc-check-cfg=cfg(hashtable_panic_probe)");

    let target = |what: &str| std::env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
    if target("POINTER_WIDTH") != "64" || !target("FAMILY").split(',').any(|family| family == "unix") {
        println!("cargo::error=the C library is for 64-bit Unix, where a long and a pointer have 64 bits");
        return;
    }

    let (mut in_c, mut in_rust) = (Vec::new(), Vec::new());
    for (c, rust, size) in TYPES {
        if let Some(size) = size {
            in_c.push(format!("SIZE({c}, {size})"));
            in_rust.push(format!("const _: () = assert!(size_of::<{rust}>() == {size});"));
        }
    }
    for (c, rust, c_field, rust_field, offset, size) in FIELDS {
        in_c.push(format!("FIELD({c}, {c_field}, {offset}, {size})"));
        in_rust.push(format!("const _: () = assert!(offset_of!({rust}, {rust_field}) == {offset});"));
    }
    for (c, rust, number) in NUMBERS {
        in_c.push(format!("NUMBER({c}, {number})"));
        in_rust.push(format!("const _: () = assert!({rust} as i32 == {number});"));
    }
    let out = std::path::PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    std::fs::write(out.join("c_layout.rs"), in_rust.join("\n")).expect("OUT_DIR can be written to");
    // Only the object is made, and nobody links it: it is compiled for what the compiler says of it.
    cc::Build::new()
        .file("src/capi/layout.c")
        .include("include")
        .define("LAYOUT", in_c.join(" ").as_str())
        .std("c99")
        .extra_warnings(true)
        .flag("-pedantic")
        .warnings_into_errors(true)
        .compile_intermediates();
}

/// Hands the interpreter's version to the code as cfgs, and keeps the extension apart from the C library.
///
/// Cargo calls both of them `libhashtable`: in one target directory the one that is built last overwrites the
/// other. So the extension is only ever built in a directory of its own, called `extension`.
#[cfg(feature = "python")]
fn prepare_extension() {
    pyo3_build_config::use_pyo3_cfgs();
    let out = std::env::var("OUT_DIR").unwrap_or_default();
    if !std::path::Path::new(&out).components().any(|part| part.as_os_str() == "extension") {
        println!(
            "cargo::error=the extension would overwrite the C library: run `python setup.py build`, \
             or give cargo `--target-dir target/extension`"
        );
    }
}
