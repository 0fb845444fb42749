mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  cluster_name       = "test"
  kubernetes_version = "1.35"
  tags               = { Project = "millrace" }

  subnets = {
    a = { id = "subnet-a", cidr = "10.1.0.0/20" }
    b = { id = "subnet-b", cidr = "10.1.16.0/20" }
  }

  plain = {
    name          = "plain"
    instance_type = "c5.4xlarge"
    min           = 1
    max           = 4
    desired       = 2
    zone          = "a"
    root_gib      = 50
    spot_allowed  = true
    local_storage = { mode = "none", disks = 0 }
    labels        = { workload = "plain" }
    taints        = []
  }

  stateful = {
    name          = "stateful"
    instance_type = "i7i.8xlarge"
    min           = 4
    max           = 8
    desired       = 4
    zone          = "a"
    root_gib      = 100
    spot_allowed  = false
    local_storage = { mode = "mount", disks = 2 }
    labels        = { workload = "stateful", component = "store" }
    taints        = [{ key = "dedicated", value = "stateful", effect = "NO_SCHEDULE" }]
  }
}

run "groups_are_built_as_described" {
  module {
    source = "./modules/node-groups"
  }

  variables {
    node_groups = [var.plain, var.stateful]
  }

  assert {
    condition     = output.names == tolist(["plain", "stateful"])
    error_message = "Every described group must be built."
  }

  assert {
    condition     = aws_eks_node_group.this["stateful"].scaling_config[0].min_size == 4 && aws_eks_node_group.this["stateful"].scaling_config[0].max_size == 8 && aws_eks_node_group.this["stateful"].scaling_config[0].desired_size == 4
    error_message = "A group must have the sizes described."
  }

  assert {
    condition     = aws_eks_node_group.this["stateful"].labels == tomap({ workload = "stateful", component = "store" })
    error_message = "A group must have the labels described."
  }

  assert {
    condition     = [for taint in aws_eks_node_group.this["stateful"].taint : "${taint.key}=${taint.value}:${taint.effect}"] == ["dedicated=stateful:NO_SCHEDULE"] && length(aws_eks_node_group.this["plain"].taint) == 0
    error_message = "A group must have the taints described and no others."
  }

  assert {
    condition     = alltrue([for group in aws_eks_node_group.this : group.subnet_ids == toset(["subnet-a"])])
    error_message = "A group must be in its zone's subnet."
  }

  assert {
    condition     = alltrue([for group in aws_eks_node_group.this : group.ami_type == "AL2023_x86_64_STANDARD" && !group.force_update_version && group.update_config[0].max_unavailable == 1])
    error_message = "A group must run AL2023 and replace its nodes one by one, without overriding disruption budgets."
  }

  assert {
    condition = alltrue([
      for template in aws_launch_template.this :
      template.metadata_options[0].http_tokens == "required" && template.metadata_options[0].http_put_response_hop_limit == 1
    ])
    error_message = "Nodes must require IMDSv2 and keep it from pods."
  }

  assert {
    condition = alltrue([
      for name, template in aws_launch_template.this :
      template.block_device_mappings[0].device_name == "/dev/xvda" &&
      template.block_device_mappings[0].ebs[0].encrypted == "true" &&
      template.block_device_mappings[0].ebs[0].volume_type == "gp3" &&
      template.block_device_mappings[0].ebs[0].volume_size == { plain = 50, stateful = 100 }[name]
    ])
    error_message = "A root disk must be an encrypted gp3 volume of the size described."
  }

  assert {
    condition     = alltrue([for template in aws_launch_template.this : toset(template.tag_specifications[*].resource_type) == toset(["instance", "volume"]) && alltrue([for tags in template.tag_specifications[*].tags : tags["Project"] == "millrace"])])
    error_message = "Instances and volumes must carry the tags by which costs are told apart."
  }

  assert {
    condition     = aws_launch_template.this["plain"].user_data == null
    error_message = "A group without local disks needs no user data."
  }

  assert {
    condition     = startswith(base64decode(aws_launch_template.this["stateful"].user_data), "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"MILLRACE\"\n\n--MILLRACE\nContent-Type: application/node.eks.aws\n\n")
    error_message = "User data must be a multipart message whose first part is for nodeadm: EKS appends its own."
  }

  assert {
    condition = yamldecode(split("\n\n", base64decode(aws_launch_template.this["stateful"].user_data))[2]) == {
      apiVersion = "node.eks.aws/v1alpha1"
      kind       = "NodeConfig"
      spec       = { instance = { localStorage = { strategy = "Mount" } } }
    }
    error_message = "nodeadm must mount the local disks."
  }

  assert {
    condition     = toset([for attachment in aws_iam_role_policy_attachment.node : attachment.policy_arn]) == toset([for policy in ["AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy", "AmazonEKSWorkerNodePolicy", "AmazonSSMManagedInstanceCore"] : "arn:aws:iam::aws:policy/${policy}"])
    error_message = "Nodes must have these four policies and nothing of the workloads'."
  }

  assert {
    condition     = alltrue([for group in aws_eks_node_group.this : group.capacity_type == "ON_DEMAND"])
    error_message = "Spot must be off unless asked for."
  }
}

run "spot_spares_stateful_groups" {
  command = plan

  module {
    source = "./modules/node-groups"
  }

  variables {
    node_groups = [var.plain, var.stateful]
    spot        = true
  }

  assert {
    condition     = aws_eks_node_group.this["plain"].capacity_type == "SPOT" && aws_eks_node_group.this["stateful"].capacity_type == "ON_DEMAND"
    error_message = "Spot must be used by the groups that allow it and by no other."
  }
}

run "spot_takes_a_stateful_group_only_by_name" {
  command = plan

  module {
    source = "./modules/node-groups"
  }

  variables {
    node_groups          = [var.plain, var.stateful]
    spot                 = true
    spot_stateful_groups = ["stateful"]
  }

  assert {
    condition     = aws_eks_node_group.this["stateful"].capacity_type == "SPOT"
    error_message = "A group named in spot_stateful_groups must use Spot."
  }
}

run "spot_for_an_unknown_group_is_refused" {
  command = plan

  module {
    source = "./modules/node-groups"
  }

  variables {
    node_groups          = [var.plain, var.stateful]
    spot                 = true
    spot_stateful_groups = ["pulsar"]
  }

  expect_failures = [var.spot_stateful_groups]
}

run "addresses_are_counted_by_whole_interfaces" {
  command = plan

  module {
    source = "./modules/node-groups"
  }

  variables {
    node_groups = [
      merge(var.plain, { name = "large", max = 4 }),
      merge(var.plain, { name = "middle", instance_type = "c5.2xlarge", max = 4 }),
      merge(var.plain, { name = "small", instance_type = "t3.medium", max = 4, zone = "b" }),
    ]
  }

  # 29 pods: an interface of 30 and a spare one; three of 15 and a spare one; all three of 6
  assert {
    condition     = output.addresses == { a = 5 * 60 + 5 * 60, b = 5 * 18 }
    error_message = "A node takes the interfaces that its pods need and a spare one, and no more than its type has."
  }
}

run "too_many_nodes_for_the_subnet_are_refused" {
  command = plan

  module {
    source = "./modules/node-groups"
  }

  # 68 nodes of 60 addresses are 4,080 of the 4,091 that a /20 has; 69 are too many
  variables {
    node_groups = [merge(var.plain, { max = 68 })]
  }

  expect_failures = [output.addresses]
}

run "as_many_nodes_as_the_subnet_holds_are_accepted" {
  command = plan

  module {
    source = "./modules/node-groups"
  }

  variables {
    node_groups = [merge(var.plain, { max = 67 })]
  }

  assert {
    condition     = output.addresses["a"] == 4080
    error_message = "67 nodes and the one of an update need 4,080 addresses."
  }
}

run "a_reserved_label_is_refused" {
  command = plan

  module {
    source = "./modules/node-groups"
  }

  variables {
    node_groups = [merge(var.plain, { labels = { "node.kubernetes.io/instance-type" = "c5.4xlarge" } })]
  }

  expect_failures = [aws_launch_template.this]
}

run "a_label_of_eks_is_refused" {
  command = plan

  module {
    source = "./modules/node-groups"
  }

  variables {
    node_groups = [merge(var.plain, { labels = { "eks.amazonaws.com/nodegroup" = "plain" } })]
  }

  expect_failures = [aws_launch_template.this]
}

run "a_prefix_of_ones_own_is_accepted" {
  command = plan

  module {
    source = "./modules/node-groups"
  }

  variables {
    node_groups = [merge(var.plain, { labels = { "notkubernetes.io/workload" = "plain" } })]
  }

  assert {
    condition     = aws_eks_node_group.this["plain"].labels["notkubernetes.io/workload"] == "plain"
    error_message = "Only the reserved domains and their subdomains may be refused."
  }
}

run "a_label_that_is_too_long_is_refused" {
  command = plan

  module {
    source = "./modules/node-groups"
  }

  variables {
    node_groups = [merge(var.plain, { labels = { workload = join("", [for i in range(64) : "x"]) } })]
  }

  expect_failures = [aws_launch_template.this]
}

run "a_taint_effect_in_kubernetes_spelling_is_refused" {
  command = plan

  module {
    source = "./modules/node-groups"
  }

  variables {
    node_groups = [merge(var.stateful, { taints = [{ key = "dedicated", value = "stateful", effect = "NoSchedule" }] })]
  }

  expect_failures = [aws_launch_template.this]
}

run "more_nodes_desired_than_allowed_are_refused" {
  command = plan

  module {
    source = "./modules/node-groups"
  }

  variables {
    node_groups = [merge(var.plain, { desired = 5 })]
  }

  expect_failures = [aws_launch_template.this]
}

run "a_group_that_may_vanish_is_refused" {
  command = plan

  module {
    source = "./modules/node-groups"
  }

  variables {
    node_groups = [merge(var.plain, { min = 0 })]
  }

  expect_failures = [aws_launch_template.this]
}

run "an_unknown_instance_type_is_refused" {
  command = plan

  module {
    source = "./modules/node-groups"
  }

  variables {
    node_groups = [merge(var.plain, { instance_type = "c5.4xlrage" })]
  }

  expect_failures = [aws_launch_template.this]
}

run "disks_that_the_type_does_not_have_are_refused" {
  command = plan

  module {
    source = "./modules/node-groups"
  }

  variables {
    node_groups = [merge(var.stateful, { local_storage = { mode = "mount", disks = 4 } })]
  }

  expect_failures = [aws_launch_template.this]
}

run "disks_that_nobody_mounts_are_refused" {
  command = plan

  module {
    source = "./modules/node-groups"
  }

  variables {
    node_groups = [merge(var.stateful, { local_storage = { mode = "none", disks = 2 } })]
  }

  expect_failures = [aws_launch_template.this]
}

run "a_raid_is_refused" {
  command = plan

  module {
    source = "./modules/node-groups"
  }

  variables {
    node_groups = [merge(var.stateful, { local_storage = { mode = "raid0", disks = 2 } })]
  }

  expect_failures = [aws_launch_template.this]
}

run "a_root_disk_smaller_than_the_image_is_refused" {
  command = plan

  module {
    source = "./modules/node-groups"
  }

  variables {
    node_groups = [merge(var.plain, { root_gib = 8 })]
  }

  expect_failures = [aws_launch_template.this]
}

run "a_zone_without_subnet_is_refused" {
  command = plan

  module {
    source = "./modules/node-groups"
  }

  variables {
    node_groups = [merge(var.plain, { zone = "c" })]
  }

  expect_failures = [aws_launch_template.this]
}

run "no_group_is_refused" {
  command = plan

  module {
    source = "./modules/node-groups"
  }

  variables {
    node_groups = []
  }

  expect_failures = [var.node_groups]
}

run "an_ami_of_another_kubernetes_version_is_refused" {
  command = plan

  module {
    source = "./modules/node-groups"
  }

  variables {
    node_groups         = [var.plain, var.stateful]
    ami_release_version = "1.34.2-20260715"
  }

  expect_failures = [var.ami_release_version]
}
