mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  repository_names = ["test-flink-job", "test-producer"]
}

run "repositories" {
  module {
    source = "./modules/registry"
  }

  assert {
    condition     = keys(output.repository_urls) == ["test-flink-job", "test-producer"]
    error_message = "Every named repository must be built."
  }

  assert {
    condition = alltrue([
      for repository in aws_ecr_repository.this :
      repository.image_scanning_configuration[0].scan_on_push &&
      repository.image_tag_mutability == "IMMUTABLE" &&
      repository.encryption_configuration[0].encryption_type == "AES256" &&
      !repository.force_delete
    ])
    error_message = "Images must be scanned on push, encrypted, not overwritten, and kept when the repository is destroyed."
  }

  assert {
    condition = alltrue([
      for policy in aws_ecr_lifecycle_policy.this :
      one([for rule in jsondecode(policy.policy).rules : rule.selection.countNumber if lookup(rule.selection, "tagPrefixList", []) == ["sha-"]]) == 5
    ])
    error_message = "A repository must keep its last 5 builds, however many manifests and attestations each of them has."
  }

  assert {
    condition = alltrue(flatten([
      for policy in aws_ecr_lifecycle_policy.this : [for rule in jsondecode(policy.policy).rules : rule.selection.tagStatus != "any"]
    ]))
    error_message = "No rule may count whatever there is: what a tier runs would expire."
  }

  assert {
    condition = alltrue([
      for policy in aws_ecr_lifecycle_policy.this :
      [for rule in jsondecode(policy.policy).rules : rule.rulePriority if lookup(rule.selection, "tagPrefixList", []) == ["deployed-"]] == [1]
    ])
    error_message = "What a tier names must be spoken for by the first rule, so that no later one expires it."
  }
}

run "a_name_that_ecr_refuses" {
  command = plan

  module {
    source = "./modules/registry"
  }

  variables {
    repository_names = ["Flink Job"]
  }

  expect_failures = [var.repository_names]
}

run "keeping_nothing_is_refused" {
  command = plan

  module {
    source = "./modules/registry"
  }

  variables {
    kept_images = 0
  }

  expect_failures = [var.kept_images]
}
