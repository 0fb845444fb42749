# Ephemeral values and write-only arguments are in neither the plan nor the state.
ephemeral "aws_secretsmanager_random_password" "this" {
  for_each = var.names

  password_length     = 40
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret" "this" {
  for_each = var.names

  name = each.value

  # A password opens nothing but the cluster destroyed with it, and a name in its recovery window blocks the next apply.
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "this" {
  for_each = aws_secretsmanager_secret.this

  secret_id                = each.value.id
  secret_string_wo         = ephemeral.aws_secretsmanager_random_password.this[each.key].random_password
  secret_string_wo_version = var.password_version
}
