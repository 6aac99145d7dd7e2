using Stack.TestKit;

[assembly: Attempts(2)]
