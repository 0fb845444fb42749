variable "cluster_name" {
  description = "Name of the EKS cluster; the names of the roles begin with it."
  type        = string
}

variable "account_id" {
  description = "AWS account."
  type        = string
}

variable "region" {
  description = "AWS region of the secrets and repositories."
  type        = string
}

variable "oidc_provider_arn" {
  description = "ARN of the cluster's IAM OpenID Connect provider."
  type        = string
}

variable "oidc_issuer" {
  description = "The cluster's token issuer, without https://."
  type        = string

  validation {
    condition     = !strcontains(var.oidc_issuer, "://")
    error_message = "oidc_issuer ${var.oidc_issuer} must not have a scheme: trust policies name the issuer without it."
  }
}

variable "flink_state_bucket_arn" {
  description = "ARN of the bucket that holds Flink's state."
  type        = string
}

variable "secret_prefix" {
  description = "First part of the names of the secrets that External Secrets may read, without the final slash."
  type        = string
}

variable "github_repository" {
  description = "GitHub repository (owner/name) whose main branch may push images; null for none. The account must have GitHub's OpenID Connect provider."
  type        = string
  default     = null

  validation {
    condition     = var.github_repository == null || can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.github_repository))
    error_message = "github_repository must be owner/name; got ${coalesce(var.github_repository, "null")}."
  }
}

variable "github_repository_ids" {
  description = "Numbers of that repository and of its owner, which GitHub writes into the tokens of repositories made, renamed or transferred after 15 July 2026; null for an older one."
  type        = object({ owner = number, repository = number })
  default     = null

  validation {
    condition = var.github_repository_ids == null ? true : alltrue([
      for id in values(var.github_repository_ids) : id >= 1 && floor(id) == id
    ])
    error_message = "github_repository_ids must be two whole numbers of at least 1; got ${jsonencode(var.github_repository_ids)}."
  }

  validation {
    condition     = var.github_repository_ids == null || var.github_repository != null
    error_message = "github_repository_ids belong to a github_repository: set that too."
  }
}

variable "repository_names" {
  description = "Image repositories that GitHub may push to."
  type        = set(string)
}
