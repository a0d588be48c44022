"""Lists in small pages: every item exactly once, more than one page, and the same as in one."""

import collections

import jmespath
from region import client, report

ec2, iam, sqs, ssm = client("ec2"), client("iam"), client("sqs"), client("ssm")
checked = {}


def paged(service, operation, key, size, expected=None, **members):
    """Walks through pages and compares with what was made, or with the answer in one piece."""
    expected = set(expected or ())
    if not expected:
        whole = service.get_paginator(operation).paginate(**members)
        expected = set(whole.search(key))
    pages, seen = 0, []
    for page in service.get_paginator(operation).paginate(
            PaginationConfig={"PageSize": size}, **members):
        pages += 1
        # A page without the member has no item.
        found = jmespath.search(key, page) or []
        assert len(found) <= size, f"{operation}: a page of {len(found)}"
        seen += found
        assert pages < 500, f"{operation} does not end"
    twice = [item for item, count in collections.Counter(seen).items() if count > 1]
    assert not twice, f"{operation}: more than once: {twice}"
    assert set(seen) == expected, f"{operation}: {set(seen) ^ expected}"
    assert pages > 1, f"{operation}: one page of {len(seen)}"
    checked[operation] = [pages, len(seen)]


def numbered(name, count):
    return [f"{name}-{number:02}" for number in range(count)]


image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
ran = [
    ec2.run_instances(ImageId=image, InstanceType="t3.nano", MinCount=1, MaxCount=1,
                      TagSpecifications=[{"ResourceType": "instance",
                                          "Tags": [{"Key": "Name", "Value": name}]}])
    for name in numbered("server", 7)
]
ids = [one["Instances"][0]["InstanceId"] for one in ran]
ec2.get_waiter("instance_running").wait(InstanceIds=ids, WaiterConfig={"Delay": 1})
paged(ec2, "describe_instances", "Reservations[].Instances[].InstanceId", 5, ids)
paged(ec2, "describe_instance_status", "InstanceStatuses[].InstanceId", 5, ids)
paged(ec2, "describe_volumes", "Volumes[].VolumeId", 5)
paged(ec2, "describe_network_interfaces", "NetworkInterfaces[].NetworkInterfaceId", 5)
paged(ec2, "describe_tags", "Tags[].ResourceId", 5, ids,
      Filters=[{"Name": "resource-type", "Values": ["instance"]}])
groups = [ec2.create_security_group(GroupName=name, Description=name)["GroupId"]
          for name in numbered("group", 11)]
rules = []
for port in range(11):
    made = ec2.authorize_security_group_ingress(
        GroupId=groups[0], IpProtocol="tcp", FromPort=port, ToPort=port, CidrIp="10.0.0.0/8")
    rules += [rule["SecurityGroupRuleId"] for rule in made["SecurityGroupRules"]]
paged(ec2, "describe_security_groups", "SecurityGroups[].GroupId", 5, groups,
      Filters=[{"Name": "group-name", "Values": ["group-*"]}])
every = ec2.describe_security_group_rules(
    Filters=[{"Name": "group-id", "Values": groups[:1]}])["SecurityGroupRules"]
assert {rule["SecurityGroupRuleId"] for rule in every} > set(rules)
paged(ec2, "describe_security_group_rules", "SecurityGroupRules[].SecurityGroupRuleId", 5,
      [rule["SecurityGroupRuleId"] for rule in every],
      Filters=[{"Name": "group-id", "Values": groups[:1]}])
paged(ec2, "describe_instance_types", "InstanceTypes[].InstanceType", 5)
paged(ec2, "describe_instance_type_offerings", "InstanceTypeOfferings[].InstanceType", 5)
vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
of_vpc = {"Filters": [{"Name": "vpc-id", "Values": [vpc]}]}
subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24")["Subnet"]["SubnetId"]
           for number in range(7)]
paged(ec2, "describe_subnets", "Subnets[].SubnetId", 5, subnets, **of_vpc)
for _ in range(6):
    ec2.create_route_table(VpcId=vpc)
    ec2.create_network_acl(VpcId=vpc)
paged(ec2, "describe_route_tables", "RouteTables[].RouteTableId", 5, **of_vpc)
paged(ec2, "describe_network_acls", "NetworkAcls[].NetworkAclId", 5, **of_vpc)
for name in numbered("template", 6):
    made = ec2.create_launch_template(
        LaunchTemplateName=name, LaunchTemplateData={"InstanceType": "t3.nano"})
template = made["LaunchTemplate"]["LaunchTemplateId"]
for _ in range(6):
    ec2.create_launch_template_version(
        LaunchTemplateId=template, LaunchTemplateData={"InstanceType": "t3.micro"})
paged(ec2, "describe_launch_templates", "LaunchTemplates[].LaunchTemplateName", 5,
      numbered("template", 6))
paged(ec2, "describe_launch_template_versions", "LaunchTemplateVersions[].VersionNumber", 5,
      list(range(1, 8)), LaunchTemplateId=template)

users = numbered("user", 9)
for name in users:
    iam.create_user(UserName=name)
paged(iam, "list_users", "Users[].UserName", 4, users)
keys = [iam.create_access_key(UserName=users[0])["AccessKey"]["AccessKeyId"] for _ in range(2)]
paged(iam, "list_access_keys", "AccessKeyMetadata[].AccessKeyId", 1, keys, UserName=users[0])
trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",' \
    '"Principal":{"Service":"ec2.amazonaws.com"}}]}'
allow = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
for name in numbered("thing", 6):
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, Path="/paged/")
    iam.create_instance_profile(InstanceProfileName=name)
    policy = iam.create_policy(PolicyName=name, PolicyDocument=allow)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="thing-00", PolicyArn=policy)
    iam.put_role_policy(RoleName="thing-00", PolicyName=name, PolicyDocument=allow)
things = numbered("thing", 6)
paged(iam, "list_roles", "Roles[].RoleName", 4, things, PathPrefix="/paged/")
paged(iam, "list_instance_profiles", "InstanceProfiles[].InstanceProfileName", 4, things)
paged(iam, "list_policies", "Policies[].PolicyName", 4, things, Scope="Local")
paged(iam, "list_role_policies", "PolicyNames", 4, things, RoleName="thing-00")
paged(iam, "list_attached_role_policies", "AttachedPolicies[].PolicyName", 4, things,
      RoleName="thing-00")

names = [f"/shop/{name}" for name in numbered("price", 23)]
for name in names:
    ssm.put_parameter(Name=name, Value="1", Type="String")
paged(ssm, "get_parameters_by_path", "Parameters[].Name", 10, names, Path="/shop")
paged(ssm, "describe_parameters", "Parameters[].Name", 10, names)
for version in range(6):
    ssm.put_parameter(Name=names[0], Value=str(version), Type="String", Overwrite=True)
paged(ssm, "get_parameter_history", "Parameters[].Version", 4, range(1, 8), Name=names[0])
urls = [sqs.create_queue(QueueName=name)["QueueUrl"] for name in numbered("queue", 13)]
paged(sqs, "list_queues", "QueueUrls", 5, urls)
report(checked=checked)
