# What a parameter cannot be. Nothing of it changes anything.
> ssm PutParameter {"Name": "/a", "Value": "x"}
! ValidationException A parameter type is required
> ssm PutParameter {"Name": "a/b", "Value": "x", "Type": "String"}
! ValidationException fully qualified name
> ssm PutParameter {"Name": "/a b", "Value": "x", "Type": "String"}
! ValidationException Parameter name: can't be prefixed
> ssm PutParameter {"Name": "awsome", "Value": "x", "Type": "String"}
! ValidationException Parameter name: can't be prefixed
> ssm PutParameter {"Name": "/aws/service/mine", "Value": "x", "Type": "String"}
! AccessDeniedException No access to reserved parameter name
> ssm PutParameter {"Name": "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", "Value": "x", "Type": "String"}
! HierarchyLevelLimitExceededException
> ssm PutParameter {"Name": "/a", "Value": "", "Type": "String"}
! ValidationException length greater than or equal to 1
> ssm PutParameter {"Name": "/a", "Value": "{{ssm:other}}", "Type": "String"}
! ValidationException nest
> ssm PutParameter {"Name": "/a", "Value": "x", "Type": "SecureString"}
! NotImplemented SecureString
> ssm PutParameter {"Name": "/a", "Value": "x", "Type": "String", "KeyId": "alias/aws/ssm"}
! ValidationException KeyId
> ssm PutParameter {"Name": "/a", "Value": "x", "Type": "String", "Policies": "[]"}
! NotImplemented Policies
> ssm PutParameter {"Name": "/a", "Value": "x", "Type": "String", "DataType": "aws:ec2:image"}
! ValidationException not an AMI id
> ssm PutParameter {"Name": "/a", "Value": "x", "Type": "String", "DataType": "Text"}
! ValidationException not supported
> ssm PutParameter {"Name": "/a", "Value": "abc", "Type": "String", "AllowedPattern": "^\\d+$"}
! ParameterPatternMismatchException ^\d+$
> ssm PutParameter {"Name": "/a", "Value": "abc", "Type": "String", "AllowedPattern": "("}
! InvalidAllowedPatternException
> ssm PutParameter {"Name": "/a", "Value": "abc", "Type": "String", "Tags": [{"Key": "aws:a", "Value": "b"}]}
! ValidationException reserved
> ssm GetParameter {"Name": "/a"}
! ParameterNotFound
> ssm DescribeParameters {"ParameterFilters": [{"Key": "Colour", "Values": ["red"]}]}
! InvalidFilterKey
> ssm DescribeParameters {"ParameterFilters": [{"Key": "Type", "Option": "BeginsWith", "Values": ["String"]}]}
! InvalidFilterOption
> ssm DescribeParameters {"ParameterFilters": [{"Key": "Type", "Values": ["Number"]}]}
! InvalidFilterValue
> ssm DescribeParameters {"ParameterFilters": [{"Key": "Name", "Values": ["a"]}, {"Key": "Name", "Values": ["b"]}]}
! ValidationException duplicated
> ssm GetParametersByPath {"Path": "shop"}
! ValidationException forward slash
> ssm GetParametersByPath {"Path": "/shop", "ParameterFilters": [{"Key": "Tier", "Values": ["Standard"]}]}
! InvalidFilterKey
> ssm AddTagsToResource {"ResourceType": "Document", "ResourceId": "x", "Tags": [{"Key": "a", "Value": "b"}]}
! NotImplemented
> ssm SendCommand {"DocumentName": "AWS-RunShellScript"}
! NotImplemented
# A tier is not left for the smaller one.
> ssm PutParameter {"Name": "/a", "Value": "12", "Type": "String", "AllowedPattern": "^\\d+$", "Tier": "Advanced"}
< {"Version": 1, "Tier": "Advanced"}
> ssm PutParameter {"Name": "/a", "Value": "12", "Overwrite": true, "Tier": "Standard"}
! ValidationException can't downgrade
> ssm PutParameter {"Name": "/a", "Value": "x", "Overwrite": true}
< {"Version": 2, "Tier": "Advanced"}
