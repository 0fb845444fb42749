output "bucket_name" {
  description = "Name of the Flink state bucket."
  value       = aws_s3_bucket.flink_state.bucket
}

output "bucket_arn" {
  description = "ARN of the Flink state bucket."
  value       = local.bucket_arn
}
