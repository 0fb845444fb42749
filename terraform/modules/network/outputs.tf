output "vpc_id" {
  description = "Id of the VPC."
  value       = aws_vpc.this.id
}

output "private_subnets" {
  description = "Private subnets by zone letter."
  value       = { for zone, subnet in aws_subnet.private : zone => { id = subnet.id, cidr = subnet.cidr_block } }

  # A node that starts before its way out exists cannot join the cluster.
  depends_on = [
    aws_route.nat,
    aws_route_table_association.private,
    aws_vpc_endpoint.s3,
  ]
}

output "nat_public_ip" {
  description = "Address from which the nodes reach the internet."
  value       = aws_eip.nat.public_ip
}
