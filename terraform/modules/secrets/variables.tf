variable "prefix" {
  description = "First part of every secret's name, without the final slash."
  type        = string
}

variable "passwords" {
  description = "Passwords to generate: the properties of each secret."
  type        = map(set(string))

  validation {
    condition     = alltrue([for properties in values(var.passwords) : length(properties) > 0])
    error_message = "Secrets without a property: ${join(", ", [for name, properties in var.passwords : name if length(properties) == 0])}."
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
