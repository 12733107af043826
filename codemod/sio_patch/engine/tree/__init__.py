"""JavaScript text as a tree: esprima's, made ours; its scopes and the forms of a function. Knows no pattern."""
