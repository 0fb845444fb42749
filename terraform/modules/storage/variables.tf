variable "bucket_name" {
  description = "Name of the bucket for Flink's checkpoints, savepoints and high-availability data."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "${var.bucket_name} is not an S3 bucket name: 3 to 63 lower-case letters, digits and hyphens."
  }
}

variable "force_destroy" {
  description = "Whether destroying the bucket also deletes what is in it."
  type        = bool
  default     = false
}

variable "retention_days" {
  description = "Days after which overwritten or deleted objects expire."
  type        = number
  default     = 7

  validation {
    condition     = var.retention_days >= 1 && floor(var.retention_days) == var.retention_days
    error_message = "retention_days must be a whole number of days, at least 1; got ${var.retention_days}."
  }
}

variable "savepoint_days" {
  description = "Days after which savepoints expire."
  type        = number
  default     = 30

  validation {
    condition     = var.savepoint_days >= 1 && floor(var.savepoint_days) == var.savepoint_days
    error_message = "savepoint_days must be a whole number of days, at least 1; got ${var.savepoint_days}."
  }
}
