using JobCloud.Node.Executor.Arguments;
using JobCloud.Node.Executor.Guards;
using JobCloud.Node.Executor.Hosting;
using JobCloud.Node.Executor.Ports;
using JobCloud.Node.Executor.Processes;

if (args is [SocketMaker.Option, var path])
    return SocketMaker.Serve(path);
if (AccountProgram.IsFor(args))
    return AccountProgram.Run(args);
var isGuard = args is [Guard.Option, ..];
var arguments = ExecutorArguments.Parse(isGuard ? args[1..] : args);
if (arguments.Ok)
    return isGuard ? GuardProgram.Serve(arguments.Value) : Startup.Run(arguments.Value);
Console.Error.WriteLine($"jobcloud-executor: {arguments.Error.Message}.");
Console.Error.WriteLine(ExecutorArguments.Usage);
return ExecutorExitCodes.Settings;
