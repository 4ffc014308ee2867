using System.Collections;
using JobCloud.Node.Daemon.Hosting;

NodeProgram.KeepFilesPrivate();
var environment = Environment
    .GetEnvironmentVariables()
    .Cast<DictionaryEntry>()
    .ToDictionary(pair => (string)pair.Key, pair => (string)pair.Value!);
return args is [StoreProgram.Word, .. var rest]
    ? await StoreProgram.RunAsync(rest, environment)
    : await NodeProgram.RunAsync(args, environment, Console.Out, Console.Error);
