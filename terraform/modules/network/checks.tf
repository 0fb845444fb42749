# What AWS would refuse in the middle of an apply; the VPC's precondition reports it before anything is built.
locals {
  cidrs = flatten([for zone in values(var.zones) : [zone.private_cidr, zone.public_cidr]])

  # A range lies in another when its first address, masked with the other's prefix, is the other's first.
  overlaps = flatten([
    for i, left in local.cidrs : [
      for right in slice(local.cidrs, i + 1, length(local.cidrs)) : "${left} and ${right}"
      if try(
        cidrhost("${split("/", left)[0]}/${min(split("/", left)[1], split("/", right)[1])}", 0) ==
        cidrhost("${split("/", right)[0]}/${min(split("/", left)[1], split("/", right)[1])}", 0),
        false
      )
    ]
  ])

  problems = concat(
    [
      for cidr in local.cidrs : "${cidr} is not an IPv4 subnet between /16 and /28."
      if !can(cidrhost(cidr, 0)) || try(tonumber(split("/", cidr)[1]) < 16 || tonumber(split("/", cidr)[1]) > 28, true)
    ],
    [
      for cidr in local.cidrs : "${cidr} is outside the VPC's range ${var.vpc_cidr}."
      if try(cidrhost("${split("/", cidr)[0]}/${split("/", var.vpc_cidr)[1]}", 0) != cidrhost(var.vpc_cidr, 0), false)
    ],
    [for pair in local.overlaps : "${pair} overlap."],
  )
}
