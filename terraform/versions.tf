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

# The same account and region once more: Terraform cannot mock ephemeral resources
# (hashicorp/terraform#38608), so the tests mock the provider above and leave this one real.
provider "aws" {
  alias  = "secrets"
  region = var.region

  allowed_account_ids = [var.account_id]

  default_tags {
    tags = local.tags
  }
}
