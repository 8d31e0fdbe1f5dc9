import "./kinds";
import "./waits";
import "./connections";
