output "names" {
  description = "Names of the secrets."
  value       = sort([for secret in aws_secretsmanager_secret.this : secret.name])
}
