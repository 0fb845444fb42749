variable "name" {
  description = "Prefix of every name tag."
  type        = string
}

variable "region" {
  description = "AWS region; a zone's name is the region plus the zone's letter."
  type        = string
}

variable "vpc_cidr" {
  description = "Address range of the VPC."
  type        = string

  validation {
    condition     = can(cidrhost(var.vpc_cidr, 0)) && try(tonumber(split("/", var.vpc_cidr)[1]) >= 16 && tonumber(split("/", var.vpc_cidr)[1]) <= 28, false)
    error_message = "vpc_cidr ${var.vpc_cidr} must be an IPv4 range between /16 and /28."
  }
}

variable "zones" {
  description = "Subnets by zone letter. The first zone holds the NAT gateway."
  type = map(object({
    private_cidr = string
    public_cidr  = string
  }))

  validation {
    condition     = length(var.zones) >= 2
    error_message = "EKS needs subnets in two zones; here are ${length(var.zones)}."
  }

  validation {
    condition     = alltrue([for zone in keys(var.zones) : can(regex("^[a-f]$", zone))])
    error_message = "A zone is the last letter of an availability zone (a to f); got ${join(", ", keys(var.zones))}."
  }
}
