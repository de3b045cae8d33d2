//go:build !long

package cli

// headcountReplications is how many terms one person less is looked at for.
const headcountReplications = "2"

// headcountLeftOut are scenarios that are not looked at: designs (b) and (c) have the teams of (a), and partners.
var headcountLeftOut = []string{"liaoning-b", "liaoning-c"}
