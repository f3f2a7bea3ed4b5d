#!/bin/sh
# A program under test that tries nothing, so that the runner names all its cases.
case "$1" in
-is-handshaker-supported) echo No ;;
*) exit 1 ;;
esac
