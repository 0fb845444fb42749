locals {
  properties = toset(flatten([for name, properties in var.passwords : [for property in properties : "${name}/${property}"]]))
}

# Ephemeral values and write-only arguments are in neither the plan nor the state.
ephemeral "aws_secretsmanager_random_password" "this" {
  for_each = local.properties

  password_length     = 40
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret" "this" {
  for_each = var.passwords

  name        = "${var.prefix}/${each.key}"
  description = "Passwords: ${join(", ", each.value)}"

  # They open nothing but the cluster destroyed with them, and a name in its recovery window blocks the next apply.
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "this" {
  for_each = var.passwords

  secret_id = aws_secretsmanager_secret.this[each.key].id
  secret_string_wo = jsonencode({
    for property in each.value :
    property => ephemeral.aws_secretsmanager_random_password.this["${each.key}/${property}"].random_password
  })
  secret_string_wo_version = var.password_version
}
