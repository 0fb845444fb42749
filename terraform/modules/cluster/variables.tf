variable "name" {
  description = "Name of the EKS cluster."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,40}$", var.name))
    error_message = "The cluster's name ${var.name} must be 3 to 41 lower-case letters, digits and hyphens, beginning with a letter: bucket and role names are made from it."
  }
}

variable "kubernetes_version" {
  description = "Kubernetes version, as in 1.35."
  type        = string

  validation {
    condition     = try(can(regex("^1\\.[0-9]+$", var.kubernetes_version)) && tonumber(split(".", var.kubernetes_version)[1]) >= 31, false)
    error_message = "kubernetes_version ${var.kubernetes_version} is not one that EKS creates: use 1.31 or newer, written as in 1.35."
  }
}

variable "subnet_ids" {
  description = "Private subnets in at least two zones."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "EKS needs subnets in two zones; got ${length(var.subnet_ids)}."
  }
}

variable "api_allowed_cidrs" {
  description = "Ranges that may reach the public API endpoint."
  type        = list(string)

  validation {
    condition     = length(var.api_allowed_cidrs) > 0
    error_message = "api_allowed_cidrs is empty, which EKS takes for the whole internet: name the ranges of your office or VPN."
  }

  validation {
    condition     = alltrue([for cidr in var.api_allowed_cidrs : can(cidrhost(cidr, 0))])
    error_message = "Not CIDR ranges: ${join(", ", [for cidr in var.api_allowed_cidrs : cidr if !can(cidrhost(cidr, 0))])}."
  }

  validation {
    condition     = alltrue([for cidr in var.api_allowed_cidrs : try(tonumber(split("/", cidr)[1]) >= 8, true)])
    error_message = "Too wide for the public API endpoint: ${join(", ", [for cidr in var.api_allowed_cidrs : cidr if try(tonumber(split("/", cidr)[1]) < 8, false)])}. Name the ranges of your office or VPN."
  }
}

variable "admin_role_arns" {
  description = "IAM roles that administer the cluster with kubectl."
  type        = set(string)

  validation {
    condition     = length(var.admin_role_arns) > 0
    error_message = "admin_role_arns is empty: nobody could reach the cluster, for its creator has no special access."
  }

  validation {
    condition     = alltrue([for arn in var.admin_role_arns : can(regex("^arn:aws:iam::[0-9]{12}:role/.+$", arn))])
    error_message = "admin_role_arns takes IAM role ARNs (arn:aws:iam::<account>:role/<name>), not users or assumed-role sessions; got ${join(", ", var.admin_role_arns)}."
  }
}

variable "log_retention_days" {
  description = "Days that the control plane's logs are kept."
  type        = number

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365], var.log_retention_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180 or 365 days; got ${var.log_retention_days}."
  }
}

variable "addon_versions" {
  description = "Version by add-on; an add-on not named gets EKS's default for the Kubernetes version when it is created."
  type        = map(string)
  default     = {}
}
