return await JobCloud.Node.Daemon.Hosting.NodeProgram.RunAsync(args);
