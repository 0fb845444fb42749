mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  bucket_name = "test-flink-state-123456789012"
}

run "bucket" {
  module {
    source = "./modules/storage"
  }

  assert {
    condition     = output.bucket_name == "test-flink-state-123456789012" && output.bucket_arn == "arn:aws:s3:::test-flink-state-123456789012"
    error_message = "The outputs must name the bucket that is built."
  }

  assert {
    condition = (
      aws_s3_bucket_public_access_block.flink_state.block_public_acls &&
      aws_s3_bucket_public_access_block.flink_state.block_public_policy &&
      aws_s3_bucket_public_access_block.flink_state.ignore_public_acls &&
      aws_s3_bucket_public_access_block.flink_state.restrict_public_buckets
    )
    error_message = "Public access must be blocked in all four ways."
  }

  assert {
    condition     = aws_s3_bucket_versioning.flink_state.versioning_configuration[0].status == "Enabled"
    error_message = "Versioning must be on."
  }

  assert {
    condition     = one(aws_s3_bucket_server_side_encryption_configuration.flink_state.rule).apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"
    error_message = "Objects must be encrypted with AES256."
  }

  assert {
    condition = jsondecode(aws_s3_bucket_policy.flink_state.policy).Statement == [{
      Sid       = "DenyPlainHttp"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::test-flink-state-123456789012", "arn:aws:s3:::test-flink-state-123456789012/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
    error_message = "The bucket policy must refuse plain HTTP and say nothing else."
  }

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_lifecycle_configuration.flink_state.rule :
      rule.filter[0].prefix == "savepoints/" || coalesce(one(rule.expiration[*].days), 0) == 0
    ])
    error_message = "Current objects may expire by age only under savepoints/: live checkpoints refer to old files."
  }

  assert {
    condition     = { for rule in aws_s3_bucket_lifecycle_configuration.flink_state.rule : rule.id => rule }["deleted-and-overwritten"].noncurrent_version_expiration[0].noncurrent_days == 7
    error_message = "Deleted and overwritten objects must be gone after 7 days."
  }

  assert {
    condition     = { for rule in aws_s3_bucket_lifecycle_configuration.flink_state.rule : rule.id => rule }["deleted-and-overwritten"].abort_incomplete_multipart_upload[0].days_after_initiation == 1
    error_message = "Unfinished uploads must be gone after a day."
  }

  assert {
    condition     = { for rule in aws_s3_bucket_lifecycle_configuration.flink_state.rule : rule.id => rule }["savepoints"].expiration[0].days == 30
    error_message = "Savepoints must outlast a job that is suspended for weeks: it starts from nothing else."
  }

  assert {
    condition     = !aws_s3_bucket.flink_state.force_destroy
    error_message = "Destroying must not delete checkpoints unless asked to."
  }
}

run "a_name_that_s3_refuses" {
  command = plan

  module {
    source = "./modules/storage"
  }

  variables {
    bucket_name = "Flink_State"
  }

  expect_failures = [var.bucket_name]
}

run "part_of_a_day_is_refused" {
  command = plan

  module {
    source = "./modules/storage"
  }

  variables {
    retention_days = 0.5
  }

  expect_failures = [var.retention_days]
}
