# EC2 DescribeInstanceTypes, 2026-08: network interfaces, IPv4 addresses of each, instance-store disks.
locals {
  instance_types = {
    "c5.2xlarge"   = { interfaces = 4, addresses = 15, disks = 0 }
    "c5.4xlarge"   = { interfaces = 8, addresses = 30, disks = 0 }
    "i7i.8xlarge"  = { interfaces = 8, addresses = 30, disks = 2 }
    "r6id.4xlarge" = { interfaces = 8, addresses = 30, disks = 1 }
    "t3.large"     = { interfaces = 3, addresses = 12, disks = 0 }
    "t3.medium"    = { interfaces = 3, addresses = 6, disks = 0 }
  }
}
