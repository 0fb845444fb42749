resource "aws_s3_bucket" "flink_state" {
  bucket        = var.bucket_name
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_ownership_controls" "flink_state" {
  bucket = aws_s3_bucket.flink_state.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "flink_state" {
  bucket = aws_s3_bucket.flink_state.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "flink_state" {
  bucket = aws_s3_bucket.flink_state.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "flink_state" {
  bucket = aws_s3_bucket.flink_state.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_policy" "flink_state" {
  bucket = aws_s3_bucket.flink_state.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "DenyPlainHttp"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [local.bucket_arn, "${local.bucket_arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })

  depends_on = [aws_s3_bucket_public_access_block.flink_state]
}

# Current objects outside savepoints/ never expire by age: a running job's newest incremental
# checkpoint refers to files of any age, and without them the job cannot be restored. Flink
# deletes what it no longer needs; the rules then remove the deleted versions.
resource "aws_s3_bucket_lifecycle_configuration" "flink_state" {
  bucket = aws_s3_bucket.flink_state.id

  rule {
    id     = "deleted-and-overwritten"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = var.retention_days
    }

    expiration {
      expired_object_delete_marker = true
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  rule {
    id     = "savepoints"
    status = "Enabled"

    filter {
      prefix = "savepoints/"
    }

    # A suspended job has nothing else to start from.
    expiration {
      days = var.savepoint_days
    }
  }

  depends_on = [aws_s3_bucket_versioning.flink_state]
}

locals {
  # From the bucket's own name, so that policies show the resource in a plan.
  bucket_arn = "arn:aws:s3:::${aws_s3_bucket.flink_state.bucket}"
}
