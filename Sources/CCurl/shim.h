#pragma once
#include <curl/curl.h>

// What Swift cannot say by itself: calls with variable arguments, unions, macros with casts. The parentheses around a
// name keep curl's type-checking macros of the same name away.
