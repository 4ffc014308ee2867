using JobCloud.Node.Executor.AgentConnections;
using JobCloud.Node.Executor.Arguments;
using JobCloud.Node.Executor.Guards;
using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Records;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Hosting;

/// <summary>What the start has made for the host.</summary>
internal sealed record HostParts(
    HomePaths Home,
    ExecutorLock Held,
    ExecutorArguments Arguments,
    ExecutorLimits Limits,
    ExecutorLog Log,
    string Boot,
    EventLoop Loop,
    Guard Guard,
    ExecutorRecord Record,
    AgentListener Listener
);
