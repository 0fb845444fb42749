variable "repository_names" {
  description = "Names of the image repositories."
  type        = set(string)

  validation {
    condition     = alltrue([for name in var.repository_names : can(regex("^[a-z][a-z0-9-]{1,255}$", name))])
    error_message = "A repository name starts with a lower-case letter and has letters, digits and hyphens; got ${join(", ", var.repository_names)}."
  }
}

variable "kept_images" {
  description = "Number of newest builds each repository keeps."
  type        = number
  default     = 5

  validation {
    condition     = var.kept_images >= 1
    error_message = "kept_images must be at least 1; got ${var.kept_images}."
  }
}

variable "kept_deployed" {
  description = "Number of images that each repository keeps because a tier names or has named them."
  type        = number
  default     = 50

  validation {
    condition     = var.kept_deployed >= 1
    error_message = "kept_deployed must be at least 1; got ${var.kept_deployed}."
  }
}

variable "force_delete" {
  description = "Whether destroying a repository also deletes its images."
  type        = bool
  default     = false
}
