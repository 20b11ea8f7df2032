//! Checks and settings that a build needs before the first line of the library is compiled.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}
