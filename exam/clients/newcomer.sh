# What a newcomer types into the aws CLI. Run by bash with MAQUETTE, STATE and `maquette env`.
set -euo pipefail
trap 'echo "line $LINENO: $BASH_COMMAND" >&2' ERR
aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }
refused() { # CODE COMMAND...: the command must be refused with this code
    local code=$1 said; shift
    if said=$("$@" 2>&1); then echo "not refused: $*" >&2; return 1; fi
    grep -q "($code)" <<< "$said" || { echo "$* was refused with: $said" >&2; return 1; }
}
same() { [ "$1" = "$2" ] || { echo "'$1' is not '$2'" >&2; return 1; }; }

ami=$(aws ssm get-parameter --query Parameter.Value --output text \
    --name /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64)
same "${ami:0:4}" ami-
aws iam create-role --role-name web --assume-role-policy-document '{"Version":"2012-10-17",
    "Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
    "Principal":{"Service":"ec2.amazonaws.com","AWS":"*"}}]}' > /dev/null
aws iam create-instance-profile --instance-profile-name web > /dev/null
aws iam add-role-to-instance-profile --instance-profile-name web --role-name web
aws ec2 create-key-pair --key-name mine --key-type ed25519 --query KeyMaterial --output text > "$HOME/mine.pem"
grep -q 'PRIVATE KEY' "$HOME/mine.pem"

run=(aws ec2 run-instances --image-id "$ami" --instance-type t3.micro --key-name mine --count 2
    --associate-public-ip-address --iam-instance-profile Name=web
    --block-device-mappings 'DeviceName=/dev/xvda,Ebs={VolumeSize=12,VolumeType=gp3,DeleteOnTermination=true}'
    --metadata-options HttpTokens=required,HttpPutResponseHopLimit=2
    --tag-specifications 'ResourceType=instance,Tags=[{Key=Name,Value=web}]' 'ResourceType=volume,Tags=[{Key=Of,Value=web}]')
refused DryRunOperation "${run[@]}" --dry-run
same "$(aws ec2 describe-instances --query 'length(Reservations)')" 0
ids=$("${run[@]}" --query 'Instances[].InstanceId' --output text)
same "$(wc -w <<< "$ids")" 2
aws ec2 wait instance-running --instance-ids $ids
same "$(aws ec2 describe-instances --filters Name=tag:Name,Values=web Name=instance-state-name,Values=running \
    --query 'Reservations[].Instances[].[KeyName, MetadataOptions.HttpTokens, MetadataOptions.HttpPutResponseHopLimit, InstanceType] | [0]' \
    --output text)" "$(printf 'mine\trequired\t2\tt3.micro')"
same "$(aws ec2 describe-instances --instance-ids $ids --query 'length(Reservations[].Instances[?PublicIpAddress!=`null`][])')" 2
same "$(aws ec2 describe-volumes --filters Name=tag:Of,Values=web --query 'Volumes[].Size' --output text)" "$(printf '12\t12')"
first=${ids%%[[:space:]]*}
same "$("$MAQUETTE" ssh --state "$STATE" "$first" -- id -un)" root

template=$(aws ec2 create-launch-template --launch-template-name web --query LaunchTemplate.LaunchTemplateId \
    --output text --launch-template-data "{\"ImageId\":\"$ami\",\"InstanceType\":\"t3.nano\"}")
made=$(aws ec2 run-instances --launch-template "LaunchTemplateName=web,Version=1" \
    --query 'Instances[0].[InstanceId,InstanceType]' --output text)
same "${made#*[[:space:]]}" t3.nano
same "$(aws ec2 describe-instances --filters "Name=tag:aws:ec2launchtemplate:id,Values=$template" \
    --query 'Reservations[0].Instances[0].InstanceId' --output text)" "${made%%[[:space:]]*}"
refused InvalidAMIID.Malformed aws ec2 run-instances --image-id nonsense --instance-type t3.micro
refused InvalidParameterValue aws ec2 run-instances --image-id "$ami" --instance-type t3.enormous

queue=$(aws sqs create-queue --queue-name jobs --query QueueUrl --output text)
aws sqs send-message --queue-url "$queue" --message-body 'a job' > /dev/null
same "$(aws sqs receive-message --queue-url "$queue" --wait-time-seconds 2 --query 'Messages[0].Body' --output text)" 'a job'

arn=$(aws iam get-role --role-name web --query Role.Arn --output text)
read -r key secret token <<< "$(aws sts assume-role --role-arn "$arn" --role-session-name me \
    --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text)"
with() { AWS_ACCESS_KEY_ID=$1 AWS_SECRET_ACCESS_KEY=$2 AWS_SESSION_TOKEN=${3-} aws sts get-caller-identity --query Arn --output text; }
case $(with "$key" "$secret" "$token") in *:assumed-role/web/me) ;; *) exit 1 ;; esac
refused InvalidClientTokenId with "$key" "$secret" wrong
aws iam create-user --user-name ann > /dev/null
read -r key secret <<< "$(aws iam create-access-key --user-name ann --query 'AccessKey.[AccessKeyId,SecretAccessKey]' --output text)"
case $(with "$key" "$secret") in *:user/ann) ;; *) exit 1 ;; esac
refused SignatureDoesNotMatch with "$key" wrong
aws iam delete-access-key --user-name ann --access-key-id "$key"
refused InvalidClientTokenId with "$key" "$secret"
aws ec2 terminate-instances --instance-ids $ids > /dev/null
aws ec2 wait instance-terminated --instance-ids $ids
echo 'all as typed'
