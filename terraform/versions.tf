terraform {
  # 1.11: write-only arguments and the S3 backend's native lock
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}

provider "aws" {
  region = var.region

  # a profile of the wrong account stops here
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = local.tags
  }
}
