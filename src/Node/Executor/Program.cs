using JobCloud.Node.Executor.Guards;
using JobCloud.Node.Executor.Hosting;
using JobCloud.Node.Executor.Ports;
using JobCloud.Node.Executor.Processes;

if (args is [SocketMaker.Option, var path])
    return SocketMaker.Serve(path);
if (AccountProgram.IsFor(args))
    return AccountProgram.Run(args);
if (args is [Guard.Option, var home])
    return GuardProgram.Serve(home);
var arguments = ExecutorArguments.Parse(args);
if (arguments.Ok)
    return Startup.Run(arguments.Value);
Console.Error.WriteLine($"jobcloud-executor: {arguments.Error.Message}.");
Console.Error.WriteLine(ExecutorArguments.Usage);
return ExecutorExitCodes.Settings;
