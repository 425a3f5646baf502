//! Record batches: read, validated, built, re-stamped; compression; CRC-32C.
