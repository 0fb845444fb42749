variable "names" {
  description = "Full names of the secrets, a generated password each."
  type        = set(string)

  validation {
    condition     = alltrue([for name in var.names : can(regex("^[a-z0-9-]+(/[a-z0-9-]+)+$", name))])
    error_message = "A secret's name is <cluster>/<service>/<user> in lower-case letters, digits and hyphens; got ${join(", ", var.names)}."
  }
}

variable "password_version" {
  description = "Raising it replaces every password."
  type        = number
  default     = 1

  validation {
    condition     = var.password_version >= 1 && floor(var.password_version) == var.password_version
    error_message = "password_version must be a whole number, at least 1; got ${var.password_version}."
  }
}
