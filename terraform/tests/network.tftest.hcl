mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name     = "test"
  region   = "us-west-2"
  vpc_cidr = "10.1.0.0/16"
  zones = {
    a = { private_cidr = "10.1.0.0/20", public_cidr = "10.1.101.0/24" }
    b = { private_cidr = "10.1.16.0/20", public_cidr = "10.1.102.0/24" }
  }
}

run "two_zones_one_nat" {
  module {
    source = "./modules/network"
  }

  assert {
    condition     = { for zone, subnet in aws_subnet.private : subnet.availability_zone => subnet.cidr_block } == { us-west-2a = "10.1.0.0/20", us-west-2b = "10.1.16.0/20" }
    error_message = "The private subnets must be the two given, in us-west-2a and us-west-2b."
  }

  assert {
    condition     = { for zone, subnet in aws_subnet.public : subnet.availability_zone => subnet.cidr_block } == { us-west-2a = "10.1.101.0/24", us-west-2b = "10.1.102.0/24" }
    error_message = "The public subnets must be the two given, in us-west-2a and us-west-2b."
  }

  assert {
    condition     = aws_nat_gateway.this.subnet_id == aws_subnet.public["a"].id
    error_message = "The NAT gateway must be in the first zone's public subnet, where the nodes are."
  }

  assert {
    condition     = aws_route.nat.nat_gateway_id == aws_nat_gateway.this.id && aws_route.nat.route_table_id == aws_route_table.private.id
    error_message = "The private subnets must reach the internet through the NAT gateway."
  }

  assert {
    condition     = alltrue([for association in aws_route_table_association.private : association.route_table_id == aws_route_table.private.id])
    error_message = "A private subnet must use the private route table."
  }

  assert {
    condition     = aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway" && aws_vpc_endpoint.s3.service_name == "com.amazonaws.us-west-2.s3" && contains(aws_vpc_endpoint.s3.route_table_ids, aws_route_table.private.id)
    error_message = "S3 must be reached through a gateway endpoint of the private route table."
  }

  assert {
    condition     = length(aws_default_security_group.this.ingress) == 0 && length(aws_default_security_group.this.egress) == 0
    error_message = "The default security group must allow nothing."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.public : !subnet.map_public_ip_on_launch])
    error_message = "Nothing may get a public address by being started."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.private : subnet.tags["kubernetes.io/role/internal-elb"] == "1"]) && alltrue([for subnet in aws_subnet.public : subnet.tags["kubernetes.io/role/elb"] == "1"])
    error_message = "Load balancers find their subnets by the role tags."
  }
}

run "one_zone_is_refused" {
  command = plan

  module {
    source = "./modules/network"
  }

  variables {
    zones = {
      a = { private_cidr = "10.1.0.0/20", public_cidr = "10.1.101.0/24" }
    }
  }

  expect_failures = [var.zones]
}

run "a_zone_by_its_whole_name_is_refused" {
  command = plan

  module {
    source = "./modules/network"
  }

  variables {
    zones = {
      us-west-2a = { private_cidr = "10.1.0.0/20", public_cidr = "10.1.101.0/24" }
      us-west-2b = { private_cidr = "10.1.16.0/20", public_cidr = "10.1.102.0/24" }
    }
  }

  expect_failures = [var.zones]
}

run "a_subnet_outside_the_vpc_is_refused" {
  command = plan

  module {
    source = "./modules/network"
  }

  variables {
    zones = {
      a = { private_cidr = "10.1.0.0/20", public_cidr = "10.1.101.0/24" }
      b = { private_cidr = "10.2.16.0/20", public_cidr = "10.1.102.0/24" }
    }
  }

  expect_failures = [aws_vpc.this]
}

run "overlapping_subnets_are_refused" {
  command = plan

  module {
    source = "./modules/network"
  }

  variables {
    zones = {
      a = { private_cidr = "10.1.0.0/17", public_cidr = "10.1.101.0/24" }
      b = { private_cidr = "10.1.128.0/20", public_cidr = "10.1.202.0/24" }
    }
  }

  expect_failures = [aws_vpc.this]
}

run "a_malformed_subnet_is_refused" {
  command = plan

  module {
    source = "./modules/network"
  }

  variables {
    zones = {
      a = { private_cidr = "10.1.0.0", public_cidr = "10.1.101.0/24" }
      b = { private_cidr = "10.1.16.0/20", public_cidr = "10.1.102.0/24" }
    }
  }

  expect_failures = [aws_vpc.this]
}
