//go:build long

package cli

// headcountReplications is how many terms one person less is looked at for.
const headcountReplications = "50"

// headcountLeftOut are scenarios that are not looked at.
var headcountLeftOut []string
