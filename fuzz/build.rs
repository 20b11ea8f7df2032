//! Compiles and links what is not Rust: the C program that uses the C ABI, and the interpreter.

/// Where `capi.c` puts functions of its own, so that memory can run out: see `tests/c/allocator.h`.
const WRAPPED: [&str; 5] = ["malloc", "calloc", "realloc", "strdup", "free"];

fn main() {
    if std::env::var_os("CARGO_FEATURE_CAPI").is_some() {
        for file in ["fuzz_targets/capi.c", "../tests/c/allocator.h", "../include/hashtable.h"] {
            println!("cargo::rerun-if-changed={file}");
        }
        cc::Build::new()
            .file("fuzz_targets/capi.c")
            .include("../include")
            .std("c99")
            .extra_warnings(true)
            .warnings_into_errors(true)
            // Its calls are checked as the library's are: by the runtime that Rust brings.
            .flag("-fsanitize=address")
            .compile("capi_target");
        for function in WRAPPED {
            println!("cargo::rustc-link-arg-bin=capi=-Wl,--wrap={function}");
        }
    }
    if std::env::var_os("CARGO_FEATURE_PYTHON").is_some() {
        // As an extension module it is linked to no interpreter; here one is part of the program.
        let python = pyo3_build_config::get();
        let (Some(name), Some(directory)) = (python.lib_name(), python.lib_dir()) else {
            panic!("this Python has no library to be linked with");
        };
        println!("cargo::rustc-link-arg-bin=python=-L{directory}");
        println!("cargo::rustc-link-arg-bin=python=-l{name}");
        println!("cargo::rustc-link-arg-bin=python=-Wl,-rpath,{directory}");
    }
}
