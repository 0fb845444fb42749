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
      for policy in aws_ecr_lifecycle_policy.this : jsondecode(policy.policy).rules[*].selection == [{ tagStatus = "any", countType = "imageCountMoreThan", countNumber = 5 }]
    ])
    error_message = "A repository must keep its last 5 images, tagged or not."
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
