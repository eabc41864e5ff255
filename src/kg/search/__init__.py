"""Room: things found by what people type, whole or while they type."""
