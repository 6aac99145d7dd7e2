namespace Stack.Ice;

/// <summary>Whose the application data is that has come in.</summary>
/// <param name="Stream">The data stream, counted from 0.</param>
/// <param name="ComponentId">The component, counted from 1.</param>
public readonly record struct IceArrival(int Stream, int ComponentId);
