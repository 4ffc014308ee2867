using JobCloud.Node.Executor.Hosting;

var arguments = ExecutorArguments.Parse(args);
if (arguments.Ok)
    return Startup.Run(arguments.Value);
Console.Error.WriteLine($"jobcloud-executor: {arguments.Error.Message}.");
Console.Error.WriteLine(ExecutorArguments.Usage);
return ExitCodes.Settings;
