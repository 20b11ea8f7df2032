//! What a build has to know before the first line of the library is compiled.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "capi")]
    {
        check_c_layout();
        name_shared_library();
    }
    #[cfg(feature = "python")]
    prepare_extension();
    #[cfg(feature = "lab")]
    lab::copy_source();
}

/// A type: its name in C and in Rust, and its size in bytes if C may know it.
#[cfg(feature = "capi")]
const TYPES: [(&str, &str, Option<usize>); 6] = [
    ("ht_value", "Value", Some(8)),
    ("ht_bytes", "Bytes", Some(16)),
    ("ht_item", "Item", Some(32)),
    ("ht_table", "Handle", None),
    ("ht_options", "Options", Some(88)),
    ("ht_statistics", "Statistics", Some(88)),
];
/// A field: its type in C and in Rust, its name in both, and its offset and size in bytes.
#[cfg(feature = "capi")]
const FIELDS: [(&str, &str, &str, &str, usize, usize); 39] = [
    ("ht_value", "Value", "i", "i", 0, 8),
    ("ht_value", "Value", "f", "f", 0, 8),
    ("ht_value", "Value", "str", "str", 0, 8),
    ("ht_value", "Value", "bytes", "bytes", 0, 8),
    ("ht_value", "Value", "ptr", "ptr", 0, 8),
    ("ht_bytes", "Bytes", "length", "length", 0, 8),
    ("ht_bytes", "Bytes", "data", "data", 8, 8),
    ("ht_item", "Item", "hash", "hash", 0, 8),
    ("ht_item", "Item", "key", "key", 8, 8),
    ("ht_item", "Item", "value", "value", 16, 8),
    ("ht_item", "Item", "private_link", "link", 24, 4),
    ("ht_item", "Item", "key_type", "key_type", 28, 1),
    ("ht_item", "Item", "value_type", "value_type", 29, 1),
    ("ht_item", "Item", "private_state", "private", 30, 2),
    ("ht_table", "Handle", "size", "size", 0, 8),
    ("ht_table", "Handle", "load", "load", 8, 8),
    ("ht_table", "Handle", "max_load_proportion", "max_load_proportion", 16, 8),
    ("ht_options", "Options", "struct_size", "struct_size", 0, 8),
    ("ht_options", "Options", "size", "size", 8, 8),
    ("ht_options", "Options", "max_load_proportion", "max_load_proportion", 16, 8),
    ("ht_options", "Options", "hashing", "hashing", 24, 4),
    ("ht_options", "Options", "flags", "flags", 28, 4),
    ("ht_options", "Options", "seed", "seed", 32, 16),
    ("ht_options", "Options", "hash", "hash", 48, 8),
    ("ht_options", "Options", "hash_context", "hash_context", 56, 8),
    ("ht_options", "Options", "free_value", "free_value", 64, 8),
    ("ht_options", "Options", "copy_value", "copy_value", 72, 8),
    ("ht_options", "Options", "value_context", "value_context", 80, 8),
    ("ht_statistics", "Statistics", "struct_size", "struct_size", 0, 8),
    ("ht_statistics", "Statistics", "size", "size", 8, 8),
    ("ht_statistics", "Statistics", "load", "load", 16, 8),
    ("ht_statistics", "Statistics", "load_proportion", "load_proportion", 24, 8),
    ("ht_statistics", "Statistics", "occupied_bins", "occupied_bins", 32, 8),
    ("ht_statistics", "Statistics", "longest_chain", "longest_chain", 40, 8),
    ("ht_statistics", "Statistics", "mean_chain", "mean_chain", 48, 8),
    ("ht_statistics", "Statistics", "hit_probes", "hit_probes", 56, 8),
    ("ht_statistics", "Statistics", "miss_probes", "miss_probes", 64, 8),
    ("ht_statistics", "Statistics", "resizes", "resizes", 72, 8),
    ("ht_statistics", "Statistics", "memory", "memory", 80, 8),
];
/// A number: its name in C and in Rust.
#[cfg(feature = "capi")]
const NUMBERS: [(&str, &str, i32); 20] = [
    ("HT_INTEGER", "Kind::Integer", 0),
    ("HT_DOUBLE", "Kind::Double", 1),
    ("HT_STRING", "Kind::String", 2),
    ("HT_BYTES", "Kind::Bytes", 3),
    ("HT_POINTER", "Kind::Pointer", 4),
    ("HT_COPY_KEY", "COPY_KEY", 1),
    ("HT_COPY_VALUE", "COPY_VALUE", 2),
    ("HT_HASH_SIP", "HASH_SIP", 0),
    ("HT_HASH_TALK", "HASH_TALK", 1),
    ("HT_HASH_CALLBACK", "HASH_CALLBACK", 2),
    ("HT_HASH_IDENTITY", "HASH_IDENTITY", 3),
    ("HT_HASH_FIBONACCI", "HASH_FIBONACCI", 4),
    ("HT_HASH_FNV1A", "HASH_FNV1A", 5),
    ("HT_HASH_XXH3", "HASH_XXH3", 6),
    ("HT_NEVER_RESIZE", "NEVER_RESIZE", 1),
    ("HT_SEEDED", "SEEDED", 2),
    ("HT_OK", "Status::Ok", 0),
    ("HT_ENOMEM", "Status::NoMemory", 1),
    ("HT_EINVAL", "Status::Invalid", 2),
    ("HT_EBUG", "Status::Bug", 3),
];

/// Checks `include/hashtable.h` against the library: the sizes, offsets and numbers above are those of the
/// header (a C compiler says so, here) and those of Rust's types (`src/capi/layout.rs`, while it is compiled).
#[cfg(feature = "capi")]
fn check_c_layout() {
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

/// Gives the shared library a soname: what a program that was linked with it looks for. It changes whenever such a
/// program might not run with it: before 1.0 with the minor version, from then on with the major one.
///
/// Only the C library has one: the extension module is found by its file's name.
#[cfg(feature = "capi")]
fn name_shared_library() {
    let part = |which: &str| std::env::var(format!("CARGO_PKG_VERSION_{which}")).unwrap_or_default();
    let (major, minor) = (part("MAJOR"), part("MINOR"));
    let abi = if major == "0" { format!("{major}.{minor}") } else { major };
    if std::env::var("CARGO_CFG_TARGET_VENDOR").is_ok_and(|vendor| vendor == "apple") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libhashtable.{abi}.dylib");
    } else {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libhashtable.so.{abi}");
    }
}

/// Hands the interpreter's version to the code as cfgs, and keeps the extension apart from the C library.
///
/// Cargo calls both of them `libhashtable`: in one target directory the one that is built last overwrites the
/// other. So the extension is only ever built in a directory of its own, called `extension`.
#[cfg(feature = "python")]
fn prepare_extension() {
    println!("cargo::rustc-check-cfg=cfg(hashtable_memory_probe)");
    pyo3_build_config::use_pyo3_cfgs();
    let out = std::env::var("OUT_DIR").unwrap_or_default();
    if !std::path::Path::new(&out).components().any(|part| part.as_os_str() == "extension") {
        println!(
            "cargo::error=the extension would overwrite the C library: run `python setup.py build`, \
             or give cargo `--target-dir target/extension`"
        );
    }
}

#[cfg(feature = "lab")]
#[path = "src/python/glass/specimens/splice.rs"]
mod splice;

#[cfg(feature = "lab")]
mod lab {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::{Path, PathBuf};

    /// Copies `src/python` to `OUT_DIR`, with the broken line of each specimen beside the real one, and makes lists of the
    /// patches and of the source as it is. Why: `src/python/glass/specimens/README.md`.
    pub fn copy_source() {
        println!("cargo::rerun-if-changed=src/python");
        let pristine: BTreeMap<String, Vec<String>> = files_under(Path::new("src/python"), "rs")
            .into_iter()
            .map(|path| {
                let text = fs::read_to_string(&path).expect("the source can be read");
                (
                    path.to_str().expect("its name is plain").to_owned(),
                    text.lines().map(str::to_owned).collect(),
                )
            })
            .collect();
        let mut copy = pristine.clone();
        let mut specimens = Vec::new();
        for path in files_under(Path::new("src/python/glass/specimens"), "patch") {
            let name = path.file_stem().and_then(|stem| stem.to_str()).expect("its name is plain").to_owned();
            let patch = fs::read_to_string(&path).expect("the patch can be read");
            super::splice::splice(&name, &patch, &mut copy, &pristine);
            specimens.push((name, patch));
        }
        let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
        let write = |path: &str, text: &str| {
            let path = out.join(path);
            fs::create_dir_all(path.parent().expect("it is in OUT_DIR")).expect("OUT_DIR can be written to");
            fs::write(path, text).expect("OUT_DIR can be written to");
        };
        for (path, lines) in &mut copy {
            // What is included has no doc comments of its own at its top.
            if path == "src/python/mod.rs" {
                lines
                    .iter_mut()
                    .filter(|line| line.starts_with("//!"))
                    .for_each(|line| line.replace_range(2..3, " "));
            }
            write(path, &(lines.join("\n") + "\n"));
        }
        let sources: Vec<_> = pristine.iter().map(|(path, lines)| (path, lines.join("\n") + "\n")).collect();
        write("specimens.rs", &format!("&{specimens:?}"));
        write("sources.rs", &format!("&{sources:?}"));
    }

    /// The files under a folder whose names end so, in order.
    fn files_under(folder: &Path, extension: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).expect("the folder can be read");
        let mut files = Vec::new();
        for path in entries.map(|entry| entry.expect("the folder can be read").path()) {
            if path.is_dir() {
                files.extend(files_under(&path, extension));
            } else if path.extension().is_some_and(|found| found == extension) {
                files.push(path);
            }
        }
        files.sort();
        files
    }
}
