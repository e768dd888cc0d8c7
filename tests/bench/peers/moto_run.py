"""Runs a machine again and again with Moto, and prints the executions a second."""

import json
import os
import sys
import time

import boto3
from moto import mock_aws

file, input_text, milliseconds = sys.argv[1:]
os.environ.update(AWS_ACCESS_KEY_ID="none", AWS_SECRET_ACCESS_KEY="none", AWS_DEFAULT_REGION="us-east-1")

with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
    client = boto3.client("stepfunctions")
    with open(file, encoding="utf-8") as definition:
        machine = client.create_state_machine(
            name="bench",
            definition=definition.read(),
            roleArn="arn:aws:iam::123456789012:role/bench",
        )["stateMachineArn"]

    def run(number):
        execution = client.start_execution(stateMachineArn=machine, name=f"run-{number}", input=input_text)
        while True:
            seen = client.describe_execution(executionArn=execution["executionArn"])
            if seen["status"] != "RUNNING":
                return seen
            time.sleep(0.0005)

    output = json.loads(run(0)["output"])
    ended = 0
    used = time.process_time()
    began = time.perf_counter()
    while (time.perf_counter() - began) * 1000 < float(milliseconds):
        ended += 1
        run(ended)
    took, used = time.perf_counter() - began, time.process_time() - used
    print(json.dumps({"output": output, "perSecond": ended / took, "perCpuSecond": ended / used}))
