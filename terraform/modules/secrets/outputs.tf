output "names" {
  description = "Full name of each secret in Secrets Manager."
  value       = { for key, secret in aws_secretsmanager_secret.this : key => secret.name }
}
