# Putting, getting, versions, labels, history, tags, and a crash between them.
> ssm PutParameter {"Name": "/shop/db/host", "Value": "db1", "Type": "String", "Description": "where", "Tags": [{"Key": "Stage", "Value": "dev"}]}
< {"Version": 1, "Tier": "Standard"}
> ssm PutParameter {"Name": "/shop/db/host", "Value": "db2", "Type": "String"}
! ParameterAlreadyExists
> ssm PutParameter {"Name": "/shop/db/host", "Value": "db2", "Overwrite": true, "Tags": [{"Key": "a", "Value": "b"}]}
! ValidationException tags and overwrite can't be used together
> ssm PutParameter {"Name": "/shop/db/host", "Value": "db2", "Overwrite": true}
< {"Version": 2}
crash
> ssm GetParameter {"Name": "/shop/db/host", "WithDecryption": true}
< {"Parameter": {"Name": "/shop/db/host", "Type": "String", "Value": "db2", "Version": 2, "DataType": "text", "LastModifiedDate": "*",
    "ARN": "arn:aws:ssm:us-east-1:000000000000:parameter/shop/db/host", "Selector": "!absent"}}
> ssm GetParameter {"Name": "arn:aws:ssm:us-east-1:000000000000:parameter/shop/db/host:1"}
< {"Parameter": {"Value": "db1", "Selector": ":1"}}
> ssm GetParameter {"Name": "/shop/db/host:3"}
! ParameterVersionNotFound
> ssm GetParameter {"Name": "/shop/db/none"}
! ParameterNotFound

> ssm LabelParameterVersion {"Name": "/shop/db/host", "ParameterVersion": 1, "Labels": ["prod", "aws-mine", "9lives"]}
< {"InvalidLabels": ["aws-mine", "9lives"], "ParameterVersion": 1}
> ssm GetParameter {"Name": "/shop/db/host:prod"}
< {"Parameter": {"Value": "db1", "Version": 1, "Selector": ":prod"}}
> ssm GetParametersByPath {"Path": "/shop", "Recursive": true, "ParameterFilters": [{"Key": "Label", "Values": ["prod"]}]}
< {"Parameters": [{"Value": "db1"}]}
> ssm LabelParameterVersion {"Name": "/shop/db/host", "Labels": ["prod"]}
< {"InvalidLabels": [], "ParameterVersion": 2}
> ssm GetParameterHistory {"Name": "/shop/db/host"}
< {"Parameters": [{"Value": "db1", "Version": 1, "Labels": [], "Description": "where"}, {"Value": "db2", "Version": 2, "Labels": ["prod"], "LastModifiedUser": "arn:aws:iam::000000000000:root"}]}
> ssm GetParameterHistory {"Name": "/shop/db/host", "MaxResults": 1}
< {"Parameters": [{"Version": 1}], "NextToken": "$next"}
> ssm GetParameterHistory {"Name": "/shop/db/host", "MaxResults": 1, "NextToken": "$next"}
< {"Parameters": [{"Version": 2}], "NextToken": "!absent"}
> ssm UnlabelParameterVersion {"Name": "/shop/db/host", "ParameterVersion": 2, "Labels": ["prod", "test"]}
< {"RemovedLabels": ["prod"], "InvalidLabels": ["test"]}
> ssm GetParameter {"Name": "/shop/db/host:prod"}
! ParameterVersionNotFound

# Paths.
> ssm PutParameter {"Name": "/shop/name", "Value": "corner,main", "Type": "StringList"}
> ssm PutParameter {"Name": "plain", "Value": "x", "Type": "String"}
> ssm GetParametersByPath {"Path": "/shop"}
< {"Parameters": [{"Name": "/shop/name", "Type": "StringList"}]}
> ssm GetParametersByPath {"Path": "/shop/", "Recursive": true, "MaxResults": 1}
< {"Parameters": [{"Name": "/shop/db/host"}], "NextToken": "$page"}
> ssm GetParametersByPath {"Path": "/shop/", "Recursive": true, "NextToken": "$page"}
< {"Parameters": [{"Name": "/shop/name"}], "NextToken": "!absent"}
> ssm GetParametersByPath {"Path": "/", "Recursive": true}
< {"Parameters": [{"Name": "/shop/db/host"}, {"Name": "/shop/name"}, {"Name": "plain"}]}
> ssm GetParametersByPath {"Path": "/shop", "NextToken": "nonsense"}
! InvalidNextToken
> ssm GetParametersByPath {"Path": "/sho", "Recursive": true}
< {"Parameters": []}
> ssm GetParameters {"Names": ["plain", "/no", "/shop/db/host:1"]}
< {"Parameters": [{"Name": "/shop/db/host", "Version": 1}, {"Name": "plain"}], "InvalidParameters": ["/no"]}

# A filter looks at the latest version.
> ssm PutParameter {"Name": "/shop/name", "Value": "corner", "Type": "String", "Overwrite": true}
> ssm GetParametersByPath {"Path": "/shop", "ParameterFilters": [{"Key": "Type", "Values": ["StringList"]}]}
< {"Parameters": []}
> ssm PutParameter {"Name": "/shop/name", "Value": "corner,main", "Type": "StringList", "Overwrite": true}
> ssm GetParametersByPath {"Path": "/shop", "ParameterFilters": [{"Key": "Type", "Values": ["StringList"]}]}
< {"Parameters": [{"Name": "/shop/name", "Version": 3}]}

# Describing.
> ssm DescribeParameters {"ParameterFilters": [{"Key": "Name", "Values": ["/shop/db/host"]}]}
< {"Parameters": [{"Name": "/shop/db/host", "Type": "String", "Description": "where", "Tier": "Standard", "Version": 2, "DataType": "text", "Policies": []}]}
> ssm DescribeParameters {"ParameterFilters": [{"Key": "Name", "Option": "BeginsWith", "Values": ["/shop"]}, {"Key": "Type", "Values": ["StringList"]}]}
< {"Parameters": [{"Name": "/shop/name"}]}
> ssm DescribeParameters {"ParameterFilters": [{"Key": "Path", "Option": "Recursive", "Values": ["/shop"]}]}
< {"Parameters": [{"Name": "/shop/db/host"}, {"Name": "/shop/name"}]}
> ssm DescribeParameters {"ParameterFilters": [{"Key": "tag:Stage", "Values": ["dev"]}]}
< {"Parameters": [{"Name": "/shop/db/host"}]}
> ssm DescribeParameters {"Filters": [{"Key": "Name", "Values": ["/shop/n"]}]}
< {"Parameters": [{"Name": "/shop/name"}]}
> ssm DescribeParameters {"MaxResults": 2}
< {"Parameters": [{"Name": "/shop/db/host"}, {"Name": "/shop/name"}], "NextToken": "*"}

# Tags.
> ssm AddTagsToResource {"ResourceType": "Parameter", "ResourceId": "plain", "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]}
< {}
> ssm RemoveTagsFromResource {"ResourceType": "Parameter", "ResourceId": "plain", "TagKeys": ["a"]}
< {}
> ssm ListTagsForResource {"ResourceType": "Parameter", "ResourceId": "plain"}
< {"TagList": [{"Key": "b", "Value": "2"}]}
> ssm ListTagsForResource {"ResourceType": "Parameter", "ResourceId": "none"}
! InvalidResourceId

# Another region and another account have their own.
region eu-west-3
> ssm GetParameter {"Name": "plain"}
! ParameterNotFound
region us-east-1
account 111122223333
> ssm GetParameter {"Name": "plain"}
! ParameterNotFound
account 000000000000

# Gone is gone, and a new one begins at version 1 without labels.
> ssm DeleteParameters {"Names": ["/shop/name", "/none"]}
< {"DeletedParameters": ["/shop/name"], "InvalidParameters": ["/none"]}
> ssm DeleteParameter {"Name": "/shop/db/host"}
< {}
> ssm DeleteParameter {"Name": "/shop/db/host"}
! ParameterNotFound
crash
> ssm PutParameter {"Name": "/shop/db/host", "Value": "new", "Type": "String"}
< {"Version": 1}
> ssm GetParameter {"Name": "/shop/db/host:2"}
! ParameterVersionNotFound
