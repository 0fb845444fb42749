output "names" {
  description = "Name in Secrets Manager of each secret."
  value       = { for key, secret in aws_secretsmanager_secret.this : key => secret.name }
}
