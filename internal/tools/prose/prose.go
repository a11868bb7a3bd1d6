// Package prose lints the sentences of this repository: the words that may not come
// back anywhere, and what the comments of the generated packages owe their readers,
// which is more than the names already say, links that lead somewhere, and a way out of
// whatever is deprecated.
package prose
